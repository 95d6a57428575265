//! Live delivery. Each change is encoded once; every connection
//! gets the same bytes. Nothing here waits: what a full queue cannot take is remembered as missed, for
//! its connection to read from the database.

mod order;
mod queue;
mod state;
mod subscription;

pub use queue::Receiver;
pub use subscription::{Heads, Subscription, SubscriptionHandle};

use bytes::Bytes;
use domain::{
    ids::{RoomId, SessionId, UserId},
    messages::Rev,
    wire::{ChangeSet, CloseReason, ServerFrame},
};
use order::{EncodedFrame, RoomOrder, Waiting};
use queue::queue;
use state::{State, Subscriber};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Frames that may wait for one connection.
const MAX_QUEUED: usize = 256;
/// Connections of one user.
const MAX_CONNECTIONS: usize = 32;

/// The connections of this node. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Hub(Arc<Mutex<State>>);

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

impl Hub {
    /// Registers a connection, as yet in no room. None when the user has too many.
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
        Some(Subscription { handle, receiver, heads: Heads::default() })
    }

    /// Tells a change set to every connection in its room, in the order of the numbers: one that comes early waits for
    /// its predecessor. Where that wait begins the caller ends it in time, by [`Hub::time_out`].
    pub(crate) fn publish(&self, set: ChangeSet) -> Option<Wait> {
        let (room, after, through) = (set.room, set.after, set.through);
        let frame = encode(&ServerFrame::Changes(set))?;
        let set = EncodedFrame { after, through, frame };
        let mut state = self.state();
        if store::failpoints::leaks() {
            state.orders.entry(room).or_default().advance(&set);
            for anyone in state.connections.values_mut() {
                anyone.send(room, after, &set.frame);
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
                    state.time_out(Wait { room, number });
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
    pub(crate) fn time_out(&self, wait: Wait) {
        self.state().time_out(wait);
    }

    /// A room has been created, and stands at this number.
    pub(crate) fn open_room(&self, room: RoomId, head: Rev) {
        self.state().orders.entry(room).or_default().starts_at(head);
    }

    /// Sends a frame to all connections of a user. One whose queue is full is closed, and reads the state when it
    /// reconnects: for this there is no feed to catch up from.
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

    /// From now on all of the user's connections hear of the room.
    pub(crate) fn subscribe(&self, user: UserId, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_user.get(&user).into_iter().flatten().copied().collect::<Vec<_>>();
        for id in ids {
            state.subscribe(id, room);
        }
    }

    /// From now on none of the user's connections hears of the room: that it is no longer there for them
    /// is the last that they are told.
    pub(crate) fn unsubscribe(&self, user: UserId, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_user.get(&user).cloned().unwrap_or_default();
        state.unsubscribe(ids, room);
    }

    /// From now on no connection hears of the room.
    pub(crate) fn close_room(&self, room: RoomId) {
        let mut state = self.state();
        let ids = state.by_room.get(&room).cloned().unwrap_or_default();
        state.unsubscribe(ids, room);
        state.orders.remove(&room);
    }

    /// How many users have been removed from rooms, as [`SubscriptionHandle::subscribe`] wants to know it.
    pub(crate) fn removal_epoch(&self) -> u64 {
        self.state().removal_epoch
    }

    /// Ends the connections of a session.
    pub(crate) fn disconnect_session(&self, session: SessionId) {
        self.disconnect_where(CloseReason::SignedOut, |connection| connection.session == session);
    }

    /// Ends the connections of a user, whose sessions have all ended.
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

    fn disconnect_where(&self, reason: CloseReason, chosen: impl Fn(&Subscriber) -> bool) {
        let mut state = self.state();
        let matching = state.connections.iter().filter(|(_, connection)| chosen(connection));
        for id in matching.map(|(id, _)| *id).collect::<Vec<_>>() {
            state.disconnect(id, reason);
        }
    }

    /// A panic while the lock was held leaves maps that are still whole, so it is no reason to stop.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
