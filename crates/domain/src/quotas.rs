//! Quotas: how many of something a user or a room may have.

use serde::{Deserialize, Serialize};

with_all! {
    /// Which limit was reached. In JSON it is a number: browsers only pass it on.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(try_from = "u8", into = "u8")]
    pub enum Quota {
        /// Rooms made by one user within 24 hours, one-to-one rooms included.
        RoomsMadeADay,
        /// Rooms that one user owns.
        RoomsOwned,
        /// Rooms with a title that one user is in.
        RoomsJoined,
        /// One-to-one rooms of the user who opens another.
        DirectRooms,
        /// Members of one room.
        Members,
        /// Invitations by name into one room that wait for an answer.
        Invitations,
        /// Invitation links into one room that still let users in.
        Links,
    }
}

impl From<Quota> for u8 {
    fn from(quota: Quota) -> Self {
        quota as Self
    }
}

impl TryFrom<u8> for Quota {
    type Error = &'static str;

    fn try_from(code: u8) -> Result<Self, Self::Error> {
        let found = Self::ALL.into_iter().find(|quota| u8::from(*quota) == code);
        found.ok_or("no such quota")
    }
}
