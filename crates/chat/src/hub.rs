//! Who is connected, and telling them what happened. Each change is encoded once; every connection
//! gets the same bytes. Nothing here waits: what a full queue cannot take is remembered as missed, for
//! its connection to read from the database.

mod line;
mod order;

pub use line::Line;

use bytes::Bytes;
use domain::{
    ids::{PersonId, RoomId, SessionId},
    messages::Rev,
    wire::{Batch, Farewell, ServerFrame},
};
use line::{Feed, line};
use order::{Encoded, RoomOrder, Waiting};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Frames that may wait for one connection.
const QUEUE: usize = 256;
/// Connections of one person.
const CONNECTIONS_MOST: usize = 32;

/// Everybody who is connected to this node. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Hub(Arc<Mutex<State>>);

type ConnectionId = u64;

#[derive(Debug, Default)]
struct State {
    last: ConnectionId,
    /// Counts how often somebody had to leave a room.
    partings: u64,
    connections: HashMap<ConnectionId, Connection>,
    by_room: HashMap<RoomId, HashSet<ConnectionId>>,
    by_person: HashMap<PersonId, HashSet<ConnectionId>>,
    /// Of the rooms that have been heard of since the start and are open.
    orders: HashMap<RoomId, RoomOrder>,
}

#[derive(Debug)]
struct Connection {
    person: PersonId,
    session: SessionId,
    rooms: HashSet<RoomId>,
    feed: Feed,
    /// While it is behind: the rooms of which it missed changes, and after which number.
    behind: Option<BTreeMap<RoomId, Rev>>,
}

/// What a connection takes from its queue.
#[derive(Debug, Clone)]
pub enum Told {
    /// An encoded frame, to be passed on as it is.
    Frame(Bytes),
    /// The queue was full: from here on changes were missed. [`Ticket::missed`] says which.
    Behind,
}

/// A change set of this room came before its predecessor, which is being waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the wait has to end"]
pub(crate) struct Wait {
    pub room: RoomId,
    number: u64,
}

/// One connection's end of the hub.
#[derive(Debug)]
pub struct Subscription {
    pub ticket: Ticket,
    pub line: Line,
}

/// A place in the hub. Dropping it unsubscribes.
#[derive(Debug)]
pub struct Ticket {
    id: ConnectionId,
    hub: Hub,
}

impl Hub {
    /// Registers a connection, as yet in no room. None when the person has too many.
    pub(crate) fn subscribe(&self, person: PersonId, session: SessionId) -> Option<Subscription> {
        let mut state = self.state();
        if state.by_person.get(&person).is_some_and(|ids| ids.len() >= CONNECTIONS_MOST) {
            return None;
        }
        state.last += 1;
        let id = state.last;
        let (feed, line) = line();
        let (rooms, behind) = (HashSet::new(), None);
        state.connections.insert(id, Connection { person, session, rooms, feed, behind });
        state.by_person.entry(person).or_default().insert(id);
        let ticket = Ticket { id, hub: self.clone() };
        Some(Subscription { ticket, line })
    }

    /// Tells a change set to every connection in its room, in the order of the numbers: one that comes early waits for
    /// its predecessor. Where that wait begins the caller ends it in time, by [`Hub::give_up`].
    pub(crate) fn publish(&self, set: Batch) -> Option<Wait> {
        let (room, after, through) = (set.room, set.after, set.through);
        let frame = encode(&ServerFrame::Changes(set))?;
        let set = Encoded { after, through, frame };
        let mut state = self.state();
        if store::rigged::leaks() {
            for anyone in state.connections.values_mut() {
                anyone.tell(room, after, &set.frame);
            }
            return None;
        }
        let order = state.orders.entry(room).or_default();
        if !order.is_due(&set) {
            return match order.keep(set) {
                Waiting::Begins(number) => Some(Wait { room, number }),
                Waiting::Continues => None,
                Waiting::IsOver => {
                    let number = order.wait();
                    state.give_up(Wait { room, number });
                    None
                }
            };
        }
        order.advance(&set);
        state.deliver(room, &set);
        while let Some(set) = state.orders.get_mut(&room).and_then(RoomOrder::next_due) {
            state.deliver(room, &set);
        }
        None
    }

    /// The missing change set is waited for no longer: every connection in the room is told that it missed something,
    /// and reads it from the database, where it is asked again whether it may. Nothing when it has come meanwhile.
    pub(crate) fn give_up(&self, wait: Wait) {
        self.state().give_up(wait);
    }

    /// A room has been created, and stands at this number.
    pub(crate) fn open_room(&self, room: RoomId, head: Rev) {
        self.state().orders.entry(room).or_default().starts_at(head);
    }

    /// Tells a person what is about them alone, in every tab. One whose queue is full is told to come back,
    /// and hears it then: for this there is no feed to catch up from.
    pub(crate) fn tell(&self, person: PersonId, frame: &ServerFrame) {
        let Some(frame) = encode(frame) else { return };
        let mut state = self.state();
        let ids = state.by_person.get(&person).into_iter().flatten().copied().collect::<Vec<_>>();
        for id in ids {
            match state.connections.get_mut(&id) {
                Some(to) if to.feed.len() + 1 < QUEUE => to.feed.tell(Told::Frame(frame.clone())),
                _ => state.dismiss(id, Farewell::TooSlow),
            }
        }
    }

    /// From now on all of the person's connections hear of the room.
    pub(crate) fn follow(&self, person: PersonId, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_person.get(&person).into_iter().flatten().copied().collect::<Vec<_>>();
        for id in ids {
            state.join(id, room);
        }
    }

    /// From now on none of the person's connections hears of the room: that it is no longer there for them
    /// is the last that they are told.
    pub(crate) fn part(&self, person: PersonId, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_person.get(&person).cloned().unwrap_or_default();
        state.part(ids, room);
    }

    /// From now on nobody hears of the room.
    pub(crate) fn dissolve(&self, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_room.get(&room).cloned().unwrap_or_default();
        state.part(ids, room);
        state.orders.remove(&room);
    }

    /// How often somebody had to leave a room, as [`Ticket::follow`] wants to know it.
    pub(crate) fn partings(&self) -> u64 {
        self.state().partings
    }

    /// Ends the connections of a session.
    pub(crate) fn end_session(&self, session: SessionId) {
        self.dismiss_where(Farewell::SignedOut, |connection| connection.session == session);
    }

    /// Ends the connections of a person, whose sessions have all ended.
    pub(crate) fn end_person(&self, person: PersonId) {
        self.dismiss_where(Farewell::SignedOut, |connection| connection.person == person);
    }

    /// Ends every connection, when the server stops.
    pub fn end_all(&self) {
        self.dismiss_where(Farewell::Restarting, |_| true);
    }

    /// How many are connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.state().connections.len()
    }

    fn dismiss_where(&self, farewell: Farewell, chosen: impl Fn(&Connection) -> bool) {
        let mut state = self.state();
        let matching = state.connections.iter().filter(|(_, connection)| chosen(connection));
        for id in matching.map(|(id, _)| *id).collect::<Vec<_>>() {
            state.dismiss(id, farewell);
        }
    }

    /// A panic while the lock was held leaves maps that are still whole, so it is no reason to stop.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// The last place in the queue is kept for the sign that it was full.
    fn tell(&mut self, room: RoomId, after: Rev, frame: &Bytes) {
        if self.behind.is_none() && self.feed.len() + 1 < QUEUE {
            self.feed.tell(Told::Frame(frame.clone()));
        } else {
            self.miss(room, after);
        }
    }

    /// What came after this number in the room has to be read from the database.
    fn miss(&mut self, room: RoomId, after: Rev) {
        let missed = self.behind.get_or_insert_with(|| {
            self.feed.tell(Told::Behind);
            BTreeMap::new()
        });
        let from = missed.entry(room).or_insert(after);
        *from = after.min(*from);
    }
}

impl State {
    fn join(&mut self, id: ConnectionId, room: RoomId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.rooms.insert(room);
            self.by_room.entry(room).or_default().insert(id);
        }
    }

    fn deliver(&mut self, room: RoomId, set: &Encoded) {
        for id in self.by_room.get(&room).into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(id) {
                connection.tell(room, set.after, &set.frame);
            }
        }
    }

    fn give_up(&mut self, wait: Wait) {
        let Wait { room, number } = wait;
        let from = self.orders.get_mut(&room).and_then(|order| order.give_up(number));
        let Some(from) = from else { return };
        for id in self.by_room.get(&room).into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(id) {
                connection.miss(room, from);
            }
        }
    }

    fn part(&mut self, ids: HashSet<ConnectionId>, room: RoomId) {
        self.partings += 1;
        let frame = encode(&ServerFrame::Reset { room });
        for id in ids {
            leave(&mut self.by_room, &room, id);
            let Some(connection) = self.connections.get_mut(&id) else { continue };
            if !connection.rooms.remove(&room) {
                continue;
            }
            if let Some(missed) = &mut connection.behind {
                missed.remove(&room);
            }
            match frame.clone() {
                Some(frame) if connection.feed.len() + 1 < QUEUE => {
                    connection.feed.tell(Told::Frame(frame));
                }
                // On its return it is told.
                _ => self.dismiss(id, Farewell::TooSlow),
            }
        }
    }

    fn dismiss(&mut self, id: ConnectionId, farewell: Farewell) {
        if let Some(connection) = self.remove(id) {
            connection.feed.end(farewell);
        }
    }

    fn remove(&mut self, id: ConnectionId) -> Option<Connection> {
        let connection = self.connections.remove(&id)?;
        for room in &connection.rooms {
            leave(&mut self.by_room, room, id);
        }
        leave(&mut self.by_person, &connection.person, id);
        Some(connection)
    }
}

fn leave<K: std::hash::Hash + Eq>(map: &mut HashMap<K, HashSet<ConnectionId>>, key: &K, id: u64) {
    if let Some(ids) = map.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            map.remove(key);
        }
    }
}

impl Ticket {
    /// What has been missed, by room and after which number, once the connection has found itself behind.
    /// When it answers nothing, the connection is in step again.
    #[must_use]
    pub fn missed(&self) -> BTreeMap<RoomId, Rev> {
        let mut state = self.hub.state();
        let Some(connection) = state.connections.get_mut(&self.id) else { return BTreeMap::new() };
        let missed = connection.behind.take().unwrap_or_default();
        if !missed.is_empty() {
            connection.behind = Some(BTreeMap::new());
        }
        missed
    }

    /// From now on the connection hears of these rooms, each of which stood at its number when they were read. False,
    /// and it does not, when a user has had to leave a room since that many had: it may be one of these.
    pub(crate) fn follow(
        &self,
        rooms: impl IntoIterator<Item = (RoomId, Rev)>,
        partings: u64,
    ) -> bool {
        let mut state = self.hub.state();
        if state.partings != partings {
            return false;
        }
        for (room, head) in rooms {
            state.orders.entry(room).or_default().starts_at(head);
            state.join(self.id, room);
        }
        true
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.hub.state().remove(self.id);
    }
}

fn encode(frame: &ServerFrame) -> Option<Bytes> {
    serde_json::to_vec(frame)
        .map(Bytes::from)
        .inspect_err(|error| tracing::error!(%error, "a change could not be encoded"))
        .ok()
}

#[cfg(test)]
mod tests;
