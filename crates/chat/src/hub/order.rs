//! The order in which a room's change sets are delivered: that of their numbers. Transactions commit one after the
//! other, but what publishes them are different tasks, and one may overtake another.

use bytes::Bytes;
use domain::messages::Rev;
use std::collections::BTreeMap;

/// Change sets that may wait in one room; when there are more, the missing one is waited for no longer.
const MAX_EARLY: usize = 64;

/// A change set, encoded.
#[derive(Debug)]
pub(super) struct EncodedFrame {
    pub after: Rev,
    pub through: Rev,
    pub frame: Bytes,
}

/// How far a room has been published.
#[derive(Debug, Default)]
pub(super) struct RoomOrder {
    /// The number up to which change sets have been delivered. None until a change set or a subscriber says.
    published: Option<Rev>,
    /// Those whose predecessor has not been delivered.
    early: BTreeMap<(Rev, Rev), EncodedFrame>,
    /// Counts how often waiting has ended.
    waits: u64,
}

/// What waiting for a predecessor leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    /// It begins, under this number.
    Begins(u64),
    Continues,
    /// Too much waits already.
    IsOver,
}

impl RoomOrder {
    /// The room stood at this number when it was first heard of. What is known already is newer.
    pub fn starts_at(&mut self, head: Rev) {
        self.published.get_or_insert(head);
    }

    /// Whether something after this number has been delivered.
    pub fn is_past(&self, head: Rev) -> bool {
        self.published > Some(head)
    }

    /// Whether nothing that comes before the change set is missing.
    pub fn is_due(&self, set: &EncodedFrame) -> bool {
        self.published.is_none_or(|published| set.after <= published)
    }

    /// It is being delivered.
    pub fn advance(&mut self, set: &EncodedFrame) {
        self.published = self.published.max(Some(set.through));
    }

    /// Keeps a change set that is not due.
    pub fn keep(&mut self, set: EncodedFrame) -> Waiting {
        let begins = self.early.is_empty();
        self.early.insert((set.after, set.through), set);
        match begins {
            _ if self.early.len() > MAX_EARLY => Waiting::IsOver,
            true => Waiting::Begins(self.waits),
            false => Waiting::Continues,
        }
    }

    /// The next of those that were kept, if it is due by now.
    pub fn next_due(&mut self) -> Option<EncodedFrame> {
        let first = self.early.first_entry()?;
        if self.published.is_some_and(|published| published < first.get().after) {
            return None;
        }
        let set = first.remove();
        self.advance(&set);
        if self.early.is_empty() {
            self.waits += 1;
        }
        Some(set)
    }

    /// Waits no longer, unless the wait of this number has ended already. Answers the number after which members have
    /// to read the room's changes; those that were kept are among them.
    pub fn time_out(&mut self, wait: u64) -> Option<Rev> {
        if self.early.is_empty() || self.waits != wait {
            return None;
        }
        self.waits += 1;
        let from = self.published;
        for set in std::mem::take(&mut self.early).into_values() {
            self.advance(&set);
        }
        from
    }

    /// The number of the wait that goes on.
    pub const fn wait(&self) -> u64 {
        self.waits
    }
}
