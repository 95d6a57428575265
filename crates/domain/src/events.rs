//! Events: what happened in a room besides messages. They are shown between the messages. What is stored is who
//! did what to whom; the catalogue of the reader's language makes the sentence.

use crate::{clock::Millis, ids::UserId, messages::Seq, text::ValidationError};
use serde::{Deserialize, Serialize};

/// An event: the action, its actor and its target. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its place among the messages: the number of the change itself.
    pub seq: Seq,
    pub at: Millis,
    pub kind: EventKind,
    pub actor: UserId,
    /// The target; the actor, for actions without one.
    pub target: UserId,
}

with_all! {
    /// Read by its code, which is compiled into the WASM only once for all texts.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(try_from = "String", rename_all = "snake_case")]
    pub enum EventKind {
        Joined,
        Left,
        Removed,
        Banned,
        /// The room has another owner.
        OwnershipTransferred,
        /// The room has another title.
        Renamed,
    }
}

impl EventKind {
    /// The code in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Removed => "removed",
            Self::Banned => "banned",
            Self::OwnershipTransferred => "ownership_transferred",
            Self::Renamed => "renamed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl TryFrom<String> for EventKind {
    type Error = ValidationError;

    fn try_from(code: String) -> Result<Self, ValidationError> {
        Self::from_code(&code).ok_or(ValidationError::InvalidFormat)
    }
}
