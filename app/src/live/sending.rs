//! What is said in a room, until the server has answered for it.

use super::{browser, timeline::ActiveRoom};
use domain::{
    ids::ClientId,
    messages::{MessageText, NewMessage},
    wire::ClientFrame,
};
use gloo_timers::future::TimeoutFuture;

/// A message that the server has not answered is shown as not sent after this long.
const ANSWER_MILLIS: u32 = 10_000;

impl ActiveRoom {
    /// Puts what was written on the screen, and answers the frame that sends it.
    pub fn send(self, text: MessageText) -> Option<ClientFrame> {
        let room = self.room()?;
        let client_id = browser::fresh_client_id();
        let (message, at) = (NewMessage { client_id, text }, browser::now());
        let frame = self.change(|client| client.submit(room, message, at))?;
        self.fail_unless_answered(client_id, 1);
        Some(frame)
    }

    /// Sends again what was not sent: the same message, under the same id.
    pub fn send_again(self, client_id: ClientId) -> Option<ClientFrame> {
        let (frame, attempt) = self.change(|client| client.retry(client_id))?;
        self.fail_unless_answered(client_id, attempt);
        Some(frame)
    }

    fn fail_unless_answered(self, client_id: ClientId, attempt: u32) {
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(ANSWER_MILLIS).await;
            let sentence = self.no_answer();
            self.change(|client| client.fail(client_id, Some(attempt), sentence));
        });
    }
}
