//! A room's history, a page at a time.

use crate::{
    events::Event,
    ids::Epoch,
    messages::{Message, Rev, Seq},
    rooms::{Member, Room},
};
use serde::{Deserialize, Serialize};

/// Which page of a history is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PageAnchor {
    /// The end of the history.
    #[default]
    Newest,
    /// What comes right before a place.
    Before(Seq),
    /// What comes right after a place; the newest page where nothing does.
    After(Seq),
    /// A place, with what comes before and after it.
    Around(Seq),
}

impl PageAnchor {
    /// Of the parameters of an address: `before`, `after`, `at`. The first that is there counts.
    #[must_use]
    pub fn of(before: Option<i64>, after: Option<i64>, at: Option<i64>) -> Self {
        match (before, after, at) {
            (Some(seq), _, _) => Self::Before(Seq(seq)),
            (None, Some(seq), _) => Self::After(Seq(seq)),
            (None, None, Some(seq)) => Self::Around(Seq(seq)),
            (None, None, None) => Self::Newest,
        }
    }

    /// The parameters `before`, `after` and `at` of an address.
    #[must_use]
    pub const fn params(self) -> (Option<i64>, Option<i64>, Option<i64>) {
        match self {
            Self::Newest => (None, None, None),
            Self::Before(Seq(seq)) => (Some(seq), None, None),
            Self::After(Seq(seq)) => (None, Some(seq), None),
            Self::Around(Seq(seq)) => (None, None, Some(seq)),
        }
    }
}

/// A stretch of a room's history, read in one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    pub details: Room,
    /// Everybody who is or was in.
    pub members: Vec<Member>,
    /// In the order of their places; with the events at most [`MAX_PAGE_ITEMS`](crate::wire::MAX_PAGE_ITEMS).
    pub messages: Vec<Message>,
    /// What else happened in the same stretch, in the order of its places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    pub has_older: bool,
    pub has_newer: bool,
    /// The room's head in the snapshot.
    pub through: Rev,
    pub epoch: Epoch,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_which_page() {
        let seq = Seq(7);
        let all = [
            PageAnchor::Newest,
            PageAnchor::Before(seq),
            PageAnchor::After(seq),
            PageAnchor::Around(seq),
        ];
        for anchor in all {
            let (before, after, at) = anchor.params();
            assert_eq!(PageAnchor::of(before, after, at), anchor);
        }
        assert_eq!(PageAnchor::of(Some(1), Some(2), Some(3)), PageAnchor::Before(Seq(1)));
        assert_eq!(PageAnchor::of(None, Some(2), Some(3)), PageAnchor::After(Seq(2)));
    }
}
