//! Pages of a room's history, and the ends of what is loaded of it, where more may be loaded.

use crate::{errors::ShownError, forms::ServerError, server_fns::read_page};
use domain::{
    history::{HistoryPage, PageAnchor},
    messages::Seq,
    timeline::Timeline,
};
use leptos::prelude::*;

/// Reads a page of a room's history.
pub async fn read_history(room: String, anchor: PageAnchor) -> Result<HistoryPage, ShownError> {
    let (before, after, at) = anchor.params();
    read_page(room, before, after, at).await.map_err(ServerError::shown)
}

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
