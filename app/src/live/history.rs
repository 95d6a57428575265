//! The ends of what is loaded of a history, where more of it may be loaded.

use domain::{history::PageAnchor, messages::Seq, timeline::Timeline};
use leptos::prelude::*;

/// How more messages of one end are coming. Two signals of a type that there is anyway: a type of its own would be
/// compiled into the WASM with all that a signal can do.
#[derive(Debug, Clone, Copy)]
pub struct HistoryLoad {
    pub in_flight: RwSignal<bool>,
    /// The latest one failed.
    pub failed: RwSignal<bool>,
}

impl HistoryLoad {
    pub(super) fn new() -> Self {
        Self { in_flight: RwSignal::new(false), failed: RwSignal::new(false) }
    }

    /// Whether more may be loaded without being asked for.
    #[must_use]
    pub fn is_idle(self) -> bool {
        !self.in_flight.get_untracked() && !self.failed.get_untracked()
    }

    pub(super) fn set(self, in_flight: bool, failed: bool) {
        self.in_flight.try_set(in_flight);
        self.failed.try_set(failed);
    }
}

/// An end of what is loaded of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryEnd {
    Older,
    Newer,
}

impl HistoryEnd {
    /// The place that more is next to. None where there is no more.
    #[must_use]
    pub fn place(self, room: &Timeline) -> Option<Seq> {
        match self {
            Self::Older => room.oldest().filter(|_| room.has_older()),
            Self::Newer => room.has_newer().then(|| room.end()),
        }
    }

    #[must_use]
    pub const fn anchor(self, place: Seq) -> PageAnchor {
        match self {
            Self::Older => PageAnchor::Before(place),
            Self::Newer => PageAnchor::After(place),
        }
    }
}
