//! Who is subscribed to what, under the hub's lock.

use super::{
    MAX_QUEUED, Outgoing, Wait, encode,
    order::{EncodedFrame, RoomOrder},
    queue::Sender,
};
use bytes::Bytes;
use domain::{
    ids::{RoomId, SessionId, UserId},
    messages::Rev,
    wire::{CloseReason, ServerFrame},
};
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) type ConnectionId = u64;

#[derive(Debug, Default)]
pub(super) struct State {
    pub last: ConnectionId,
    /// How many users have been removed from rooms, or left them.
    pub removal_epoch: u64,
    pub connections: HashMap<ConnectionId, Subscriber>,
    pub by_room: HashMap<RoomId, HashSet<ConnectionId>>,
    pub by_user: HashMap<UserId, HashSet<ConnectionId>>,
    /// Of the rooms that have been heard of since the start and are open.
    pub orders: HashMap<RoomId, RoomOrder>,
}

#[derive(Debug)]
pub(super) struct Subscriber {
    pub user: UserId,
    pub session: SessionId,
    pub rooms: HashSet<RoomId>,
    pub sender: Sender,
    /// While it is behind: the rooms of which it missed changes, and after which number.
    pub lag: Option<BTreeMap<RoomId, Rev>>,
}

impl Subscriber {
    /// The last place in the queue is kept for the sign that it was full.
    pub fn send(&mut self, room: RoomId, after: Rev, frame: &Bytes) {
        if self.lag.is_none() && self.sender.len() + 1 < MAX_QUEUED {
            self.sender.send(Outgoing::Frame(frame.clone()));
        } else {
            self.note_lag(room, after);
        }
    }

    /// What came after this number in the room has to be read from the database.
    pub fn note_lag(&mut self, room: RoomId, after: Rev) {
        let lag = self.lag.get_or_insert_with(|| {
            self.sender.send(Outgoing::Lagged);
            BTreeMap::new()
        });
        let from = lag.entry(room).or_insert(after);
        *from = after.min(*from);
    }
}

impl State {
    pub fn subscribe(&mut self, id: ConnectionId, room: RoomId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.rooms.insert(room);
            self.by_room.entry(room).or_default().insert(id);
        }
    }

    pub fn deliver(&mut self, room: RoomId, set: &EncodedFrame) {
        for id in self.by_room.get(&room).into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(id) {
                connection.send(room, set.after, &set.frame);
            }
        }
    }

    pub fn time_out(&mut self, wait: Wait) {
        let Wait { room, number } = wait;
        let from = self.orders.get_mut(&room).and_then(|order| order.time_out(number));
        let Some(from) = from else { return };
        for id in self.by_room.get(&room).into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(id) {
                connection.note_lag(room, from);
            }
        }
    }

    pub fn unsubscribe(&mut self, ids: HashSet<ConnectionId>, room: RoomId) {
        self.removal_epoch += 1;
        let frame = encode(&ServerFrame::Reset { room });
        for id in ids {
            leave(&mut self.by_room, &room, id);
            let Some(connection) = self.connections.get_mut(&id) else { continue };
            if !connection.rooms.remove(&room) {
                continue;
            }
            if let Some(lag) = &mut connection.lag {
                lag.remove(&room);
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

    pub fn disconnect(&mut self, id: ConnectionId, reason: CloseReason) {
        if let Some(connection) = self.remove(id) {
            connection.sender.close(reason);
        }
    }

    pub fn remove(&mut self, id: ConnectionId) -> Option<Subscriber> {
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
