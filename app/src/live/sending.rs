//! What is said in a room, until the server has answered for it.

use super::{browser, timeline::ActiveRoom};
use domain::{
    ids::{ClientId, RoomId},
    messages::{MessageText, NewMessage},
    protocol::client::Client,
    wire::ClientFrame,
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

/// A message that nobody has answered for is shown as not sent after this long.
const ANSWER_MILLIS: u32 = 10_000;

impl ActiveRoom {
    /// Puts what was written on the screen, and answers the frame that sends it.
    pub fn send(mut self, text: MessageText) -> Option<ClientFrame> {
        let room = self.room()?;
        let client_id = browser::fresh_client_id();
        let frame = self.submit(room, NewMessage { client_id, text }, browser::now())?;
        self.fail_unless_answered(room, client_id);
        Some(frame)
    }

    /// Sends again what was not sent: the same message, under the same id.
    pub fn send_again(mut self, client_id: ClientId) -> Option<ClientFrame> {
        let room = self.room()?;
        let frame = self.retry(room, client_id)?;
        self.fail_unless_answered(room, client_id);
        Some(frame)
    }

    fn fail_unless_answered(self, room: RoomId, client_id: ClientId) {
        let attempt = self.change(room, |open| {
            open.pending().iter().find(|pending| pending.client_id == client_id).map(|p| p.attempt)
        });
        let Some(attempt) = attempt.flatten() else { return };
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(ANSWER_MILLIS).await;
            let sentence = self.no_answer.try_get_value().unwrap_or_default().to_owned();
            self.change(room, |open| open.give_up(client_id, attempt, sentence));
        });
    }
}
