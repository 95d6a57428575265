//! What a client records: what it sent, and what was acknowledged and shown to it.

use domain::{
    ids::{ClientId, MessageId, RoomId, UserId},
    messages::{Message, Seq},
    timeline::Timeline,
};
use std::{
    collections::{BTreeMap, BTreeSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    time::Instant,
};

#[derive(Debug, Clone)]
pub struct Record {
    pub name: String,
    pub me: UserId,
    /// The rooms that it has joined, or is joining.
    pub rooms: BTreeSet<RoomId>,
    pub sent: Vec<Sent>,
    pub acked: Vec<Acked>,
    pub shown: Vec<Shown>,
    /// Every room of which the instance sent anything at all.
    pub heard_of: BTreeSet<RoomId>,
    /// Messages that were refused for good, with the sentence for the user.
    pub refused: Vec<String>,
    /// The codes of the `bye` frames that it received.
    pub farewells: Vec<u16>,
    pub connections: u32,
    /// What it showed in the end.
    pub timelines: BTreeMap<RoomId, Timeline>,
}

/// A message that was sent for the first time. Repetitions are not recorded.
#[derive(Debug, Clone)]
pub struct Sent {
    pub room: RoomId,
    pub client_id: ClientId,
    pub text: u64,
    pub at: Instant,
}

/// The instance's confirmation that a message is on disk.
#[derive(Debug, Clone)]
pub struct Acked {
    pub room: RoomId,
    pub client_id: ClientId,
    pub id: MessageId,
    pub seq: Seq,
    pub at: Instant,
}

#[derive(Debug, Clone)]
pub struct Shown {
    pub room: RoomId,
    pub author: UserId,
    pub client_id: ClientId,
    pub id: MessageId,
    pub seq: Seq,
    pub text: u64,
    /// The number of the connection on which it was delivered live; none when it was read from a page.
    pub live: Option<u32>,
}

impl Record {
    #[must_use]
    pub fn new(name: &str, me: UserId) -> Self {
        Self {
            name: name.to_owned(),
            me,
            rooms: BTreeSet::new(),
            sent: Vec::new(),
            acked: Vec::new(),
            shown: Vec::new(),
            heard_of: BTreeSet::new(),
            refused: Vec::new(),
            farewells: Vec::new(),
            connections: 0,
            timelines: BTreeMap::new(),
        }
    }

    pub fn shows(&mut self, room: RoomId, message: &Message, live: Option<u32>) {
        let Message { id, client_id, author, seq, .. } = *message;
        let text = digest(message.text.as_str());
        self.shown.push(Shown { room, author, client_id, id, seq, text, live });
    }
}

/// Enough of a text to tell two apart.
#[must_use]
pub fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
