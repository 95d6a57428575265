//! Who is in a room, and what they are there.

use crate::{
    ids::{AvatarId, UserId},
    users::DisplayName,
};

/// What a member is in their room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Member,
    /// Keeps order among the members.
    Moderator,
    /// Decides what the room is. Whoever made it is its first.
    Owner,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Member, Self::Moderator, Self::Owner];

    /// As it stands in forms and in the database.
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

/// Somebody in a room, as its settings show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub user: UserId,
    pub name: DisplayName,
    pub avatar: Option<AvatarId>,
    pub role: Role,
}
