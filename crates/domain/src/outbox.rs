//! What a user has submitted and the server has not acknowledged, in whichever room. It outlives the page that shows
//! the room, and can be stored.

use crate::{
    clock::Millis,
    ids::{ClientId, RoomId, UserId},
    messages::{Message, NewMessage},
};
use serde::{Deserialize, Serialize};

/// Of one user: what one has submitted is never sent under another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    user: UserId,
    /// In the order in which they were submitted.
    entries: Vec<OutboxEntry>,
}

/// A message that the server has not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    pub room: RoomId,
    pub message: NewMessage,
    /// By the client's own clock.
    pub at: Millis,
    pub state: SendState,
    /// How often it was tried, this time included.
    pub attempt: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendState {
    /// On its way, or waiting for the connection.
    Sending,
    /// Not sent, and why, for the user; they may try again.
    Failed { sentence: String },
}

impl Outbox {
    #[must_use]
    pub const fn new(user: UserId) -> Self {
        Self { user, entries: Vec::new() }
    }

    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// All entries, in the order in which they were submitted.
    #[must_use]
    pub fn entries(&self) -> &[OutboxEntry] {
        &self.entries
    }

    /// What was submitted to a room, in its order.
    pub fn of(&self, room: RoomId) -> impl Iterator<Item = &OutboxEntry> {
        self.entries.iter().filter(move |entry| entry.room == room)
    }

    pub fn submit(&mut self, room: RoomId, message: NewMessage, at: Millis) {
        let state = SendState::Sending;
        self.entries.push(OutboxEntry { room, message, at, state, attempt: 1 });
    }

    /// These messages are stored: what was submitted of them is no longer waiting. Whether any was. Another author's
    /// client id may equal one of the user's.
    pub fn settle(&mut self, stored: &[Message]) -> bool {
        let count = self.entries.len();
        for stored in stored.iter().filter(|stored| stored.author == self.user) {
            self.entries.retain(|entry| entry.message.client_id != stored.client_id);
        }
        self.entries.len() < count
    }

    /// The user wants it sent again: the same message, under the same id.
    pub fn retry(&mut self, client_id: ClientId) -> Option<&OutboxEntry> {
        let entry = self.find(client_id)?;
        entry.state = SendState::Sending;
        entry.attempt += 1;
        Some(entry)
    }

    /// The message was not sent; answers its room. If an attempt is named, it is the one that failed: a later one may
    /// be on its way. What has been acknowledged stays so.
    pub fn fail(
        &mut self,
        client_id: ClientId,
        attempt: Option<u32>,
        sentence: String,
    ) -> Option<RoomId> {
        let entry = self.find(client_id)?;
        if attempt.is_none_or(|attempt| attempt == entry.attempt) {
            entry.state = SendState::Failed { sentence };
        }
        Some(entry.room)
    }

    fn find(&mut self, client_id: ClientId) -> Option<&mut OutboxEntry> {
        self.entries.iter_mut().find(|entry| entry.message.client_id == client_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::MessageText;
    use uuid::Uuid;

    fn outbox() -> Outbox {
        Outbox::new(UserId::from_uuid(Uuid::from_u128(1)))
    }

    fn message(n: u128) -> NewMessage {
        let client_id = ClientId::from_uuid(Uuid::from_u128(n));
        NewMessage { client_id, text: MessageText::parse("안녕").unwrap() }
    }

    fn room(n: u128) -> RoomId {
        RoomId::from_uuid(Uuid::from_u128(n))
    }

    fn states(outbox: &Outbox) -> Vec<(u32, bool)> {
        let state = |entry: &OutboxEntry| (entry.attempt, entry.state == SendState::Sending);
        outbox.entries().iter().map(state).collect()
    }

    #[test]
    fn each_room_has_its_own_in_their_order() {
        let mut outbox = outbox();
        for (of, n) in [(1, 10), (2, 20), (1, 11)] {
            outbox.submit(room(of), message(n), Millis(0));
        }
        let ids = |of| outbox.of(room(of)).map(|entry| entry.message.clone()).collect::<Vec<_>>();
        assert_eq!((ids(1), ids(2)), (vec![message(10), message(11)], vec![message(20)]));
    }

    #[test]
    fn a_late_clock_fails_its_own_attempt_only() {
        let mut outbox = outbox();
        let id = message(5).client_id;
        outbox.submit(room(1), message(5), Millis(0));
        assert_eq!(outbox.fail(id, None, "거절당했어요".to_owned()), Some(room(1)));
        assert_eq!(states(&outbox), [(1, false)]);
        assert_eq!(outbox.retry(id).map(|entry| &entry.message), Some(&message(5)));
        let _ = outbox.fail(id, Some(1), "답이 없어요".to_owned());
        assert_eq!(states(&outbox), [(2, true)], "the second is on its way");
        let _ = outbox.fail(id, Some(2), "답이 없어요".to_owned());
        assert_eq!(states(&outbox), [(2, false)]);
    }

    #[test]
    fn it_is_read_back_as_it_was_stored() {
        let mut outbox = outbox();
        outbox.submit(room(1), message(5), Millis(3));
        outbox.submit(room(2), message(6), Millis(4));
        let _ = outbox.fail(message(6).client_id, None, "왜냐하면".to_owned());
        let stored = serde_json::to_string(&outbox).unwrap();
        assert_eq!(serde_json::from_str::<Outbox>(&stored).unwrap(), outbox);
    }
}
