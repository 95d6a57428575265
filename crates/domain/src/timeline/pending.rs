//! What has been said here and not yet confirmed there.

use super::Timeline;
use crate::{
    clock::Millis,
    ids::ClientId,
    messages::{Message, MessageText, Seq},
};

/// A message of one's own that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub client_id: ClientId,
    pub text: MessageText,
    /// By the browser's own clock.
    pub at: Millis,
    pub state: PendingState,
    /// How often it was tried, this time included.
    pub attempt: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PendingState {
    /// On its way, or waiting for the connection.
    Sending,
    /// Not sent, and why, for the person; they may try again.
    Failed { sentence: String },
}

impl Timeline {
    /// Shows a message of one's own before the server has it.
    pub fn post(&mut self, client_id: ClientId, text: MessageText, at: Millis) {
        let state = PendingState::Sending;
        if let Some(newest) = self.place_before(Seq(i64::MAX)) {
            self.begin_page_if_newest(Seq(newest.0.saturating_add(1)));
        }
        self.mark_pending_changed();
        self.pending.push(Pending { client_id, text, at, state, attempt: 1 });
    }

    /// The server has it: what was pending becomes the stored message at once, without waiting for the change set
    /// that carries it. A message from before the oldest that is loaded is no longer pending and not shown: it
    /// would leave a hole.
    pub fn confirm(&mut self, message: Message) {
        self.settle(message.client_id);
        if !self.has_older || self.oldest() <= Some(message.seq) {
            self.put(message);
        }
    }

    /// What was pending is stored.
    pub(super) fn settle(&mut self, client_id: ClientId) {
        if self.pending.iter().any(|pending| pending.client_id == client_id) {
            self.mark_pending_changed();
            self.pending.retain(|pending| pending.client_id != client_id);
        }
    }

    /// The message was not sent. A message that has been confirmed stays confirmed.
    pub fn fail(&mut self, client_id: ClientId, sentence: String) {
        if let Some(pending) = self.pending_mut(client_id) {
            pending.state = PendingState::Failed { sentence };
        }
    }

    /// Nobody has answered for so long that this attempt has failed. A later one is none of its business.
    pub fn give_up(&mut self, client_id: ClientId, attempt: u32, sentence: String) {
        if let Some(pending) = self.pending_mut(client_id).filter(|it| it.attempt == attempt) {
            pending.state = PendingState::Failed { sentence };
        }
    }

    /// The person wants it sent again: the same message, under the same id.
    pub fn retry(&mut self, client_id: ClientId) -> Option<MessageText> {
        let pending = self.pending_mut(client_id)?;
        pending.state = PendingState::Sending;
        pending.attempt += 1;
        Some(pending.text.clone())
    }

    fn pending_mut(&mut self, client_id: ClientId) -> Option<&mut Pending> {
        self.mark_pending_changed();
        self.pending.iter_mut().find(|pending| pending.client_id == client_id)
    }
}
