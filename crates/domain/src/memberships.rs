//! The members of a room, and their roles.

use crate::{
    ids::{AvatarId, UserId},
    users::DisplayName,
};

with_all! {
    /// A member's role in the room.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Role {
        Member,
        /// Moderates the members.
        Moderator,
        /// Decides about the room. The user who makes it is its first owner.
        Owner,
    }
}

impl Role {
    /// The code in forms and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Owner => "owner",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A member of a room, as its settings show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub user: UserId,
    pub name: DisplayName,
    pub avatar: Option<AvatarId>,
    pub role: Role,
}
