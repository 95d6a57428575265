//! Who is connected, and telling them what happened. Each change is encoded once; every connection
//! gets the same bytes. Nothing here waits: a connection whose queue is full is let go, and catches
//! up from the database when it comes back.

use bytes::Bytes;
use domain::{
    ids::{PersonId, RoomId, SessionId},
    wire::{Batch, Farewell, ServerFrame},
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{mpsc, oneshot};

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
    connections: HashMap<ConnectionId, Connection>,
    by_room: HashMap<RoomId, HashSet<ConnectionId>>,
    by_person: HashMap<PersonId, HashSet<ConnectionId>>,
}

#[derive(Debug)]
struct Connection {
    person: PersonId,
    session: SessionId,
    rooms: HashSet<RoomId>,
    frames: mpsc::Sender<Bytes>,
    farewell: oneshot::Sender<Farewell>,
}

/// One connection's end of the hub. Dropping it unsubscribes.
#[derive(Debug)]
pub struct Subscription {
    id: ConnectionId,
    hub: Hub,
    /// Encoded frames, in the order in which they were published.
    pub frames: mpsc::Receiver<Bytes>,
    /// Why the connection has to end. From then on nothing more is told to it.
    pub farewell: oneshot::Receiver<Farewell>,
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
        let (frames, queued) = mpsc::channel(QUEUE);
        let (farewell, farewelled) = oneshot::channel();
        let rooms = HashSet::new();
        state.connections.insert(id, Connection { person, session, rooms, frames, farewell });
        state.by_person.entry(person).or_default().insert(id);
        Some(Subscription { id, hub: self.clone(), frames: queued, farewell: farewelled })
    }

    /// Tells a change to every connection in its room. Call it after the commit, never before.
    pub(crate) fn publish(&self, batch: Batch) {
        let room = batch.room;
        let Some(frame) = encode(&ServerFrame::Changes(batch)) else { return };
        let mut state = self.state();
        let mut ids = state.by_room.get(&room).into_iter().flatten().copied().collect::<Vec<_>>();
        if store::rigged::leaks() {
            ids = state.connections.keys().copied().collect();
        }
        for id in ids {
            let connection = state.connections.get(&id);
            if connection.is_some_and(|c| c.frames.try_send(frame.clone()).is_err()) {
                state.dismiss(id, Farewell::TooSlow);
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

    /// Ends the connections of a session.
    pub(crate) fn end_session(&self, session: SessionId) {
        self.dismiss_where(Farewell::SignedOut, |connection| connection.session == session);
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

impl State {
    fn join(&mut self, id: ConnectionId, room: RoomId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.rooms.insert(room);
            self.by_room.entry(room).or_default().insert(id);
        }
    }

    fn dismiss(&mut self, id: ConnectionId, farewell: Farewell) {
        if let Some(connection) = self.remove(id) {
            // Nobody waits for it any more when the connection is ending by itself.
            let _ = connection.farewell.send(farewell);
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

impl Subscription {
    pub(crate) fn follow(&self, rooms: impl IntoIterator<Item = RoomId>) {
        let mut state = self.hub.state();
        for room in rooms {
            state.join(self.id, room);
        }
    }
}

impl Drop for Subscription {
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
mod tests {
    use super::*;
    use domain::messages::Rev;
    use uuid::Uuid;

    fn change(room: RoomId) -> Batch {
        let (messages, members) = (Vec::new(), Vec::new());
        Batch { room, after: Rev(0), through: Rev(1), messages, members, about: None }
    }

    fn ids() -> (PersonId, SessionId, RoomId) {
        let uuid = Uuid::new_v4;
        (PersonId::from_uuid(uuid()), SessionId::from_uuid(uuid()), RoomId::from_uuid(uuid()))
    }

    #[test]
    fn only_those_in_the_room_are_told() {
        let hub = Hub::default();
        let (minji, session, room) = ids();
        let mut inside = hub.subscribe(minji, session).unwrap();
        inside.follow([room]);
        let (junho, session, _) = ids();
        let mut outside = hub.subscribe(junho, session).unwrap();
        hub.publish(change(room));
        assert!(inside.frames.try_recv().is_ok());
        assert!(outside.frames.try_recv().is_err());
        hub.follow(junho, room);
        hub.publish(change(room));
        assert!(outside.frames.try_recv().is_ok());
    }

    #[test]
    fn a_slow_reader_is_let_go_and_nobody_else() {
        let hub = Hub::default();
        let (minji, session, room) = ids();
        let mut slow = hub.subscribe(minji, session).unwrap();
        let (junho, session, _) = ids();
        let mut quick = hub.subscribe(junho, session).unwrap();
        slow.follow([room]);
        quick.follow([room]);
        for _ in 0..=QUEUE {
            hub.publish(change(room));
            assert!(quick.frames.try_recv().is_ok());
        }
        assert_eq!(slow.farewell.try_recv(), Ok(Farewell::TooSlow));
        assert_eq!(hub.connections(), 1);
    }

    #[test]
    fn one_person_cannot_take_every_connection() {
        let hub = Hub::default();
        let (minji, session, room) = ids();
        let held: Vec<_> = std::iter::repeat_with(|| hub.subscribe(minji, session))
            .take(CONNECTIONS_MOST)
            .flatten()
            .inspect(|subscription| subscription.follow([room]))
            .collect();
        assert_eq!(held.len(), CONNECTIONS_MOST);
        assert!(hub.subscribe(minji, session).is_none());
        drop(held);
        assert!(hub.state().by_room.is_empty() && hub.state().by_person.is_empty());
    }
}
