//! Who is connected, and telling them what happened. Each change is encoded once; every connection
//! gets the same bytes. Nothing here waits: what a full queue cannot take is remembered as missed, for
//! its connection to read from the database.

mod order;
mod queue;

pub use queue::Receiver;

use bytes::Bytes;
use domain::{
    ids::{RoomId, SessionId, UserId},
    messages::Rev,
    wire::{ChangeSet, CloseReason, ServerFrame},
};
use order::{EncodedFrame, RoomOrder, Waiting};
use queue::{Sender, queue};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Frames that may wait for one connection.
const MAX_QUEUED: usize = 256;
/// Connections of one person.
const MAX_CONNECTIONS: usize = 32;

/// Everybody who is connected to this node. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Hub(Arc<Mutex<State>>);

type ConnectionId = u64;

#[derive(Debug, Default)]
struct State {
    last: ConnectionId,
    /// Counts how often somebody had to leave a room.
    removal_epoch: u64,
    connections: HashMap<ConnectionId, Subscriber>,
    by_room: HashMap<RoomId, HashSet<ConnectionId>>,
    by_user: HashMap<UserId, HashSet<ConnectionId>>,
    /// Of the rooms that have been heard of since the start and are open.
    orders: HashMap<RoomId, RoomOrder>,
}

#[derive(Debug)]
struct Subscriber {
    user: UserId,
    session: SessionId,
    rooms: HashSet<RoomId>,
    sender: Sender,
    /// While it is behind: the rooms of which it missed changes, and after which number.
    lag: Option<BTreeMap<RoomId, Rev>>,
}

/// What a connection takes from its queue.
#[derive(Debug, Clone)]
pub enum Outgoing {
    /// An encoded frame, to be passed on as it is.
    Frame(Bytes),
    /// The queue was full: from here on changes were missed. [`SubscriptionHandle::take_lag`] says which.
    Lagged,
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
    pub handle: SubscriptionHandle,
    pub receiver: Receiver,
}

/// A place in the hub. Dropping it unsubscribes.
#[derive(Debug)]
pub struct SubscriptionHandle {
    id: ConnectionId,
    hub: Hub,
}

impl Hub {
    /// Registers a connection, as yet in no room. None when the person has too many.
    pub(crate) fn connect(&self, user: UserId, session: SessionId) -> Option<Subscription> {
        let mut state = self.state();
        if state.by_user.get(&user).is_some_and(|ids| ids.len() >= MAX_CONNECTIONS) {
            return None;
        }
        state.last += 1;
        let id = state.last;
        let (sender, receiver) = queue();
        let (rooms, lag) = (HashSet::new(), None);
        state.connections.insert(id, Subscriber { user, session, rooms, sender, lag });
        state.by_user.entry(user).or_default().insert(id);
        let handle = SubscriptionHandle { id, hub: self.clone() };
        Some(Subscription { handle, receiver })
    }

    /// Tells a change set to every connection in its room, in the order of the numbers: one that comes early waits for
    /// its predecessor. Where that wait begins the caller ends it in time, by [`Hub::give_up`].
    pub(crate) fn publish(&self, set: ChangeSet) -> Option<Wait> {
        let (room, after, through) = (set.room, set.after, set.through);
        let frame = encode(&ServerFrame::Changes(set))?;
        let set = EncodedFrame { after, through, frame };
        let mut state = self.state();
        if store::failpoints::leaks() {
            state.orders.entry(room).or_default().advance(&set);
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
    pub(crate) fn notify_user(&self, user: UserId, frame: &ServerFrame) {
        let Some(frame) = encode(frame) else { return };
        let mut state = self.state();
        let ids = state.by_user.get(&user).into_iter().flatten().copied().collect::<Vec<_>>();
        for id in ids {
            match state.connections.get_mut(&id) {
                Some(to) if to.sender.len() + 1 < MAX_QUEUED => {
                    to.sender.send(Outgoing::Frame(frame.clone()));
                }
                _ => state.disconnect(id, CloseReason::TooSlow),
            }
        }
    }

    /// From now on all of the person's connections hear of the room.
    pub(crate) fn subscribe(&self, user: UserId, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_user.get(&user).into_iter().flatten().copied().collect::<Vec<_>>();
        for id in ids {
            state.subscribe(id, room);
        }
    }

    /// From now on none of the person's connections hears of the room: that it is no longer there for them
    /// is the last that they are told.
    pub(crate) fn unsubscribe(&self, user: UserId, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_user.get(&user).cloned().unwrap_or_default();
        state.unsubscribe(ids, room);
    }

    /// From now on nobody hears of the room.
    pub(crate) fn close_room(&self, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_room.get(&room).cloned().unwrap_or_default();
        state.unsubscribe(ids, room);
        state.orders.remove(&room);
    }

    /// How often somebody had to leave a room, as [`SubscriptionHandle::subscribe`] wants to know it.
    pub(crate) fn removal_epoch(&self) -> u64 {
        self.state().removal_epoch
    }

    /// Ends the connections of a session.
    pub(crate) fn disconnect_session(&self, session: SessionId) {
        self.disconnect_where(CloseReason::SignedOut, |connection| connection.session == session);
    }

    /// Ends the connections of a person, whose sessions have all ended.
    pub(crate) fn disconnect_user(&self, user: UserId) {
        self.disconnect_where(CloseReason::SignedOut, |connection| connection.user == user);
    }

    /// Ends every connection, when the server stops.
    pub fn disconnect_all(&self) {
        self.disconnect_where(CloseReason::Restarting, |_| true);
    }

    /// How many are connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.state().connections.len()
    }

    fn disconnect_where(&self, farewell: CloseReason, chosen: impl Fn(&Subscriber) -> bool) {
        let mut state = self.state();
        let matching = state.connections.iter().filter(|(_, connection)| chosen(connection));
        for id in matching.map(|(id, _)| *id).collect::<Vec<_>>() {
            state.disconnect(id, farewell);
        }
    }

    /// A panic while the lock was held leaves maps that are still whole, so it is no reason to stop.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber {
    /// The last place in the queue is kept for the sign that it was full.
    fn tell(&mut self, room: RoomId, after: Rev, frame: &Bytes) {
        if self.lag.is_none() && self.sender.len() + 1 < MAX_QUEUED {
            self.sender.send(Outgoing::Frame(frame.clone()));
        } else {
            self.note_lag(room, after);
        }
    }

    /// What came after this number in the room has to be read from the database.
    fn note_lag(&mut self, room: RoomId, after: Rev) {
        let missed = self.lag.get_or_insert_with(|| {
            self.sender.send(Outgoing::Lagged);
            BTreeMap::new()
        });
        let from = missed.entry(room).or_insert(after);
        *from = after.min(*from);
    }
}

impl State {
    fn subscribe(&mut self, id: ConnectionId, room: RoomId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.rooms.insert(room);
            self.by_room.entry(room).or_default().insert(id);
        }
    }

    fn deliver(&mut self, room: RoomId, set: &EncodedFrame) {
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
                connection.note_lag(room, from);
            }
        }
    }

    fn unsubscribe(&mut self, ids: HashSet<ConnectionId>, room: RoomId) {
        self.removal_epoch += 1;
        let frame = encode(&ServerFrame::Reset { room });
        for id in ids {
            leave(&mut self.by_room, &room, id);
            let Some(connection) = self.connections.get_mut(&id) else { continue };
            if !connection.rooms.remove(&room) {
                continue;
            }
            if let Some(missed) = &mut connection.lag {
                missed.remove(&room);
            }
            match frame.clone() {
                Some(frame) if connection.sender.len() + 1 < MAX_QUEUED => {
                    connection.sender.send(Outgoing::Frame(frame));
                }
                // The client gets `Reset` when it reconnects.
                _ => self.disconnect(id, CloseReason::TooSlow),
            }
        }
    }

    fn disconnect(&mut self, id: ConnectionId, farewell: CloseReason) {
        if let Some(connection) = self.remove(id) {
            connection.sender.close(farewell);
        }
    }

    fn remove(&mut self, id: ConnectionId) -> Option<Subscriber> {
        let connection = self.connections.remove(&id)?;
        for room in &connection.rooms {
            leave(&mut self.by_room, room, id);
        }
        leave(&mut self.by_user, &connection.user, id);
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

impl SubscriptionHandle {
    /// What has been missed, by room and after which number, once the connection has found itself behind.
    /// When it answers nothing, the connection is in step again.
    #[must_use]
    pub fn take_lag(&self) -> BTreeMap<RoomId, Rev> {
        let mut state = self.hub.state();
        let Some(connection) = state.connections.get_mut(&self.id) else { return BTreeMap::new() };
        let missed = connection.lag.take().unwrap_or_default();
        if !missed.is_empty() {
            connection.lag = Some(BTreeMap::new());
        }
        missed
    }

    /// From now on the connection hears of these rooms, each of which stood at its number when they were read. False,
    /// and it does not, when a user has had to leave a room since that many had: it may be one of these.
    pub(crate) fn subscribe(
        &self,
        rooms: impl IntoIterator<Item = (RoomId, Rev)>,
        removal_epoch: u64,
    ) -> bool {
        let mut state = self.hub.state();
        if state.removal_epoch != removal_epoch {
            return false;
        }
        for (room, head) in rooms {
            state.orders.entry(room).or_default().starts_at(head);
            state.subscribe(self.id, room);
        }
        true
    }
}

impl Drop for SubscriptionHandle {
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
