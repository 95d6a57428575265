//! A connection's end of the hub.

use super::{Hub, queue::Receiver, state::ConnectionId};
use domain::{ids::RoomId, messages::Rev, wire::Cursor};
use std::collections::BTreeMap;

/// One connection's end of the hub.
#[derive(Debug)]
pub struct Subscription {
    pub handle: SubscriptionHandle,
    pub receiver: Receiver,
    pub heads: Heads,
}

/// Where rooms stood when a connection subscribed. Who knows a room up to there misses nothing: all that came later is
/// sent.
#[derive(Debug, Default)]
pub struct Heads(Vec<(RoomId, Rev)>);

impl Heads {
    pub(crate) fn is_at(&self, cursor: Cursor) -> bool {
        self.0.contains(&(cursor.room, cursor.after))
    }
}

/// A place in the hub. Dropping it unsubscribes.
#[derive(Debug)]
pub struct SubscriptionHandle {
    pub(super) id: ConnectionId,
    pub(super) hub: Hub,
}

impl SubscriptionHandle {
    /// What has been missed, by room and after which number, once the connection has found itself behind.
    /// When it answers nothing, the connection is in step again.
    #[must_use]
    pub fn take_lag(&self) -> BTreeMap<RoomId, Rev> {
        let mut state = self.hub.state();
        let Some(connection) = state.connections.get_mut(&self.id) else { return BTreeMap::new() };
        let lag = connection.lag.take().unwrap_or_default();
        if !lag.is_empty() {
            connection.lag = Some(BTreeMap::new());
        }
        lag
    }

    /// From now on the connection hears of these rooms, each of which stood at its number when they were read; answers
    /// those of which nothing later had been sent before. None, and it does not hear of them, when a user has had to
    /// leave a room since that many had: it may be one of these.
    pub(crate) fn subscribe(
        &self,
        rooms: impl IntoIterator<Item = (RoomId, Rev)>,
        removal_epoch: u64,
    ) -> Option<Heads> {
        let mut state = self.hub.state();
        if state.removal_epoch != removal_epoch {
            return None;
        }
        let mut heads = Vec::new();
        for (room, head) in rooms {
            let order = state.orders.entry(room).or_default();
            order.starts_at(head);
            if !order.is_past(head) {
                heads.push((room, head));
            }
            state.subscribe(self.id, room);
        }
        Some(Heads(heads))
    }
}

impl Drop for SubscriptionHandle {
    fn drop(&mut self) {
        self.hub.state().remove(self.id);
    }
}
