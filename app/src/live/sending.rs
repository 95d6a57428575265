//! What is said in a room, until the server has answered for it.

use super::{browser, timeline::OpenRoom};
use domain::{
    ids::{ClientId, RoomId},
    messages::MessageText,
    timeline::{PendingState, Timeline},
    wire::ClientFrame,
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

/// A message that nobody has answered for is shown as not sent after this long.
const ANSWER_MILLIS: u32 = 10_000;

impl OpenRoom {
    /// Puts what was written on the screen, and answers the frame that sends it.
    pub fn say(self, text: MessageText) -> Option<ClientFrame> {
        let room = self.room()?;
        let client_id = browser::fresh_client_id();
        self.change(room, |open| open.post(client_id, text.clone(), browser::now()))?;
        self.fail_unless_answered(room, client_id);
        Some(ClientFrame::Send { room, client_id, text })
    }

    /// Sends again what was not sent: the same message, under the same id.
    pub fn retry(self, client_id: ClientId) -> Option<ClientFrame> {
        let room = self.room()?;
        let text = self.change(room, |open| open.retry(client_id))??;
        self.fail_unless_answered(room, client_id);
        Some(ClientFrame::Send { room, client_id, text })
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

    /// A refusal names the message and not its room.
    pub(super) fn refuse(self, client_id: ClientId, sentence: &str) {
        for room in self.rooms() {
            self.change(room, |open| open.fail(client_id, sentence.to_owned()));
        }
    }
}

/// What is still to be sent, now that there is a new connection.
pub fn unsent(open: &Timeline) -> Vec<ClientFrame> {
    let room = open.about().id;
    let sending = open.pending().iter().filter(|pending| pending.state == PendingState::Sending);
    sending
        .map(|p| ClientFrame::Send { room, client_id: p.client_id, text: p.text.clone() })
        .collect()
}
