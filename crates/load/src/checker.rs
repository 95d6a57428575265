//! Compares the records of clients with what the instance has stored.

use crate::{
    history::History,
    record::{Record, digest},
};
use domain::{
    ids::{ClientId, MessageId, RoomId, UserId},
    messages::{Message, Seq},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    time::Instant,
};

/// How many violations of each kind were found. All must be zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Findings {
    /// Acknowledged, and not stored with the text that was sent.
    pub lost: usize,
    /// Sent once, and stored or shown under two ids.
    pub doubled: usize,
    /// Shown or acknowledged at another place than stored, delivered out of order, or placed before a message
    /// that had been acknowledged before it was sent.
    pub reordered: usize,
    /// Shown, and not stored.
    pub phantom: usize,
    /// Shown, or mentioned, to a user who is not in the room.
    pub leaked: usize,
}

type Histories = BTreeMap<RoomId, History>;
/// Identifies one message that a user sent.
type MessageKey = (UserId, ClientId);

#[must_use]
pub fn check(records: &[Record], histories: &Histories) -> Findings {
    let stored = Stored::new(histories);
    Findings {
        lost: lost(records, &stored),
        doubled: doubled(records, histories),
        reordered: misplaced(records, &stored) + overtaken(records, histories) + untidy(records),
        phantom: phantom(records, &stored),
        leaked: leaked(records),
    }
}

/// Clients whose timeline differs from what is stored, as far back as it goes.
#[must_use]
pub fn out_of_step(records: &[Record], histories: &Histories) -> Vec<String> {
    let astray = |record: &&Record| {
        record.timelines.iter().any(|(room, timeline)| {
            let oldest = timeline.oldest().unwrap_or_default();
            let all = histories.get(room).into_iter().flat_map(|history| &history.messages);
            !timeline.messages().eq(all.filter(|message| message.seq >= oldest))
        })
    };
    records.iter().filter(astray).map(|record| record.name.clone()).collect()
}

struct Stored<'a> {
    by_id: HashMap<MessageId, (RoomId, &'a Message)>,
    by_key: HashMap<MessageKey, (RoomId, &'a Message)>,
}

impl<'a> Stored<'a> {
    fn new(histories: &'a Histories) -> Self {
        let all = || {
            let rooms = histories.iter();
            rooms.flat_map(|(room, history)| history.messages.iter().map(|m| (*room, m)))
        };
        Self {
            by_id: all().map(|(room, m)| (m.id, (room, m))).collect(),
            by_key: all().map(|(room, m)| ((m.author, m.client_id), (room, m))).collect(),
        }
    }
}

fn lost(records: &[Record], stored: &Stored) -> usize {
    let is_lost = |record: &Record| {
        let texts: HashMap<_, _> = record.sent.iter().map(|s| (s.client_id, s.text)).collect();
        let kept = |client_id: ClientId, room: RoomId| {
            let found = stored.by_key.get(&(record.me, client_id));
            found.is_some_and(|(stored_in, message)| {
                *stored_in == room && texts.get(&client_id) == Some(&digest(message.text.as_str()))
            })
        };
        record.acked.iter().filter(|acked| !kept(acked.client_id, acked.room)).count()
    };
    records.iter().map(is_lost).sum()
}

fn doubled(records: &[Record], histories: &Histories) -> usize {
    let mut ids: HashMap<MessageKey, BTreeSet<MessageId>> = HashMap::new();
    let mut rows: HashMap<MessageKey, usize> = HashMap::new();
    for message in histories.values().flat_map(|history| &history.messages) {
        let said = (message.author, message.client_id);
        *rows.entry(said).or_default() += 1;
        ids.entry(said).or_default().insert(message.id);
    }
    for record in records {
        for acked in &record.acked {
            ids.entry((record.me, acked.client_id)).or_default().insert(acked.id);
        }
        for shown in &record.shown {
            ids.entry((shown.author, shown.client_id)).or_default().insert(shown.id);
        }
    }
    let twice = |(said, ids): (MessageKey, BTreeSet<MessageId>)| {
        ids.len() > 1 || rows.get(&said).is_some_and(|rows| *rows > 1)
    };
    ids.into_iter().filter(|(said, ids)| twice((*said, ids.clone()))).count()
}

/// Shown or acknowledged at a place other than the stored one.
fn misplaced(records: &[Record], stored: &Stored) -> usize {
    let mut places: HashSet<(MessageId, Seq)> = HashSet::new();
    for record in records {
        places.extend(record.acked.iter().map(|acked| (acked.id, acked.seq)));
        places.extend(record.shown.iter().map(|shown| (shown.id, shown.seq)));
    }
    let elsewhere = |(id, seq): &(MessageId, Seq)| {
        stored.by_id.get(id).is_some_and(|(_, message)| message.seq != *seq)
    };
    places.iter().filter(|place| elsewhere(place)).count()
}

/// Sent after another message had been acknowledged, and stored before it.
fn overtaken(records: &[Record], histories: &Histories) -> usize {
    let mut said: HashMap<MessageKey, Instant> = HashMap::new();
    let mut acked: HashMap<MessageKey, Instant> = HashMap::new();
    for record in records {
        said.extend(record.sent.iter().map(|sent| ((record.me, sent.client_id), sent.at)));
        for ack in &record.acked {
            acked.entry((record.me, ack.client_id)).or_insert(ack.at);
        }
    }
    let in_room = |history: &History| {
        let mut latest: Option<Instant> = None;
        let mut before = None;
        let mut found = 0;
        for message in &history.messages {
            let key = (message.author, message.client_id);
            let late = acked.get(&key).zip(latest).is_some_and(|(acked, said)| *acked < said);
            let unordered = before.is_some_and(|before| before >= message.seq);
            found += usize::from(late || unordered);
            latest = latest.max(said.get(&key).copied());
            before = Some(message.seq);
        }
        found
    };
    histories.values().map(in_room).sum()
}

/// Delivered live, on one connection, for the first time after a later message.
fn untidy(records: &[Record]) -> usize {
    let of_one = |record: &Record| {
        let mut told: HashMap<(RoomId, u32), BTreeSet<Seq>> = HashMap::new();
        let mut found = 0;
        for shown in &record.shown {
            let Some(connection) = shown.live else { continue };
            let told = told.entry((shown.room, connection)).or_default();
            let late = told.last().is_some_and(|last| *last > shown.seq);
            found += usize::from(told.insert(shown.seq) && late);
        }
        found
    };
    records.iter().map(of_one).sum()
}

fn phantom(records: &[Record], stored: &Stored) -> usize {
    let mut ghosts = HashSet::new();
    for shown in records.iter().flat_map(|record| &record.shown) {
        let real = stored.by_id.get(&shown.id).is_some_and(|(room, message)| {
            *room == shown.room
                && (message.author, message.client_id) == (shown.author, shown.client_id)
                && digest(message.text.as_str()) == shown.text
        });
        if !real {
            ghosts.insert((shown.id, shown.text));
        }
    }
    ghosts.len()
}

fn leaked(records: &[Record]) -> usize {
    let of_one = |record: &Record| {
        let foreign = |room: &RoomId| !record.rooms.contains(room);
        let shown = record.shown.iter().filter(|shown| foreign(&shown.room)).count();
        let told = record.heard_of.iter().filter(|room| foreign(room)).count();
        shown.max(told)
    };
    records.iter().map(of_one).sum()
}

impl Findings {
    #[must_use]
    pub const fn total(&self) -> usize {
        self.lost + self.doubled + self.reordered + self.phantom + self.leaked
    }
}

impl std::ops::AddAssign for Findings {
    fn add_assign(&mut self, other: Self) {
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.reordered += other.reordered;
        self.phantom += other.phantom;
        self.leaked += other.leaked;
    }
}

#[cfg(test)]
mod tests;
