//! What a user has submitted and the server has not acknowledged, in whichever room. It outlives the connection and the
//! page: each entry can be stored, and taken up again.

use crate::{
    clock::Millis,
    ids::{ClientId, RoomId, UserId},
    messages::{Message, MessageText, NewMessage},
};

/// What has waited for longer than this is not sent without being asked about: a day, in milliseconds.
const MAX_WAIT_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Of one user: what one has submitted is never sent under another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbox {
    user: UserId,
    /// In the order in which they were submitted.
    entries: Vec<OutboxEntry>,
    /// Whether they may be others than when this was last asked.
    is_changed: bool,
}

/// A message that the server has not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    pub room: RoomId,
    pub message: NewMessage,
    /// By the client's own clock.
    pub at: Millis,
    /// The order of submission, whatever that clock says.
    pub nth: u32,
    pub state: SendState,
}

impl OutboxEntry {
    /// The entry as a text that can be stored: a line of fields, a line with the reason for a refusal, the message.
    /// Reading JSON would make the WASM three kilobytes heavier.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { room, message, at, nth, state } = self;
        let NewMessage { client_id, text } = message;
        let (state, sentence) = match state {
            SendState::Sending => (SENDING, String::new()),
            SendState::Failed { sentence } => (FAILED, sentence.replace('\n', " ")),
        };
        format!("{room} {client_id} {at} {nth} {state}\n{sentence}\n{text}", at = at.0)
    }

    /// Reads what [`Self::to_text`] has written. None for any other text.
    #[must_use]
    pub fn from_text(stored: &str) -> Option<Self> {
        let (fields, rest) = stored.split_once('\n')?;
        let (sentence, text) = rest.split_once('\n')?;
        let mut fields = fields.split(' ');
        let room = RoomId::parse(fields.next()?).ok()?;
        let client_id = ClientId::parse(fields.next()?).ok()?;
        let at = Millis(fields.next()?.parse().ok()?);
        let nth = fields.next()?.parse().ok()?;
        let state = match fields.next()? {
            SENDING => SendState::Sending,
            FAILED => SendState::Failed { sentence: sentence.to_owned() },
            _ => return None,
        };
        let text = MessageText::parse(text).ok()?;
        Some(Self { room, message: NewMessage { client_id, text }, at, nth, state })
    }

    const fn order(&self) -> (u32, Millis, ClientId) {
        (self.nth, self.at, self.message.client_id)
    }
}

const SENDING: &str = "sending";
const FAILED: &str = "failed";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendState {
    /// On its way, or waiting for the connection.
    Sending,
    /// Not sent, and why, for the user, who tries again or discards it.
    Failed { sentence: String },
}

impl Outbox {
    #[must_use]
    pub const fn new(user: UserId) -> Self {
        Self { user, entries: Vec::new(), is_changed: false }
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
        let (nth, state) = (self.next(), SendState::Sending);
        self.entries.push(OutboxEntry { room, message, at, nth, state });
        self.is_changed = true;
    }

    /// Whether the entries may be others than when this was last asked.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.is_changed)
    }

    /// What is stored is what waits: another client of the user may have sent or discarded the rest, or have submitted
    /// more. Answers the rooms in which something is otherwise.
    pub fn take_up(&mut self, stored: Vec<OutboxEntry>) -> Vec<RoomId> {
        let id = |entry: &OutboxEntry| entry.message.client_id;
        let is_stored = |entry: &OutboxEntry| stored.iter().any(|it| id(it) == id(entry));
        let gone = self.entries.extract_if(.., |entry| !is_stored(entry));
        let mut rooms: Vec<_> = gone.map(|entry| entry.room).collect();
        for entry in stored {
            if self.entries.iter().all(|known| id(known) != id(&entry)) {
                rooms.push(entry.room);
                let place = self.entries.partition_point(|known| known.order() <= entry.order());
                self.entries.insert(place, entry);
            }
        }
        self.is_changed |= !rooms.is_empty();
        rooms
    }

    /// What has waited for too long waits for the user. Answers the rooms of what does so since now.
    pub fn expire(&mut self, now: Millis, sentence: &str) -> Vec<RoomId> {
        let is_late = |entry: &&mut OutboxEntry| {
            entry.state == SendState::Sending && now.0 - entry.at.0 > MAX_WAIT_MILLIS
        };
        let late = self.entries.iter_mut().filter(is_late);
        let rooms: Vec<_> = late
            .map(|entry| {
                entry.state = SendState::Failed { sentence: sentence.to_owned() };
                entry.room
            })
            .collect();
        self.is_changed |= !rooms.is_empty();
        rooms
    }

    /// These messages are stored: what was submitted of them is no longer waiting. Whether any was. Another author's
    /// client id may equal one of the user's.
    pub fn settle<'a>(&mut self, stored: impl IntoIterator<Item = &'a Message>) -> bool {
        let count = self.entries.len();
        if count == 0 {
            return false;
        }
        for stored in stored.into_iter().filter(|stored| stored.author == self.user) {
            self.entries.retain(|entry| entry.message.client_id != stored.client_id);
        }
        let is_settled = self.entries.len() < count;
        self.is_changed |= is_settled;
        is_settled
    }

    /// The user wants it sent again, as if submitted now: the same message, under the same id.
    pub fn retry(&mut self, client_id: ClientId, now: Millis) -> Option<&OutboxEntry> {
        let place = self.place(client_id)?;
        let nth = self.next();
        let entry = self.entries.remove(place);
        self.entries.push(OutboxEntry { at: now, nth, state: SendState::Sending, ..entry });
        self.is_changed = true;
        self.entries.last()
    }

    /// The message was refused; answers its room. What has been acknowledged stays so.
    pub fn fail(&mut self, client_id: ClientId, sentence: String) -> Option<RoomId> {
        let place = self.place(client_id)?;
        let entry = self.entries.get_mut(place)?;
        entry.state = SendState::Failed { sentence };
        self.is_changed = true;
        Some(entry.room)
    }

    /// It is not to be sent any more.
    pub fn discard(&mut self, client_id: ClientId) -> Option<OutboxEntry> {
        let place = self.place(client_id)?;
        self.is_changed = true;
        Some(self.entries.remove(place))
    }

    fn place(&self, client_id: ClientId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.message.client_id == client_id)
    }

    fn next(&self) -> u32 {
        self.entries.last().map_or(0, |last| last.nth.saturating_add(1))
    }
}

#[cfg(test)]
mod tests;
