//! Profiles: a name and an avatar under which a user appears. A user has at least one and at most several; one
//! is the default, which other users see where no other is assigned.

use crate::{
    ids::{AvatarId, ProfileId, RoomId},
    rooms::RoomTitle,
    users::{DisplayName, UserSummary},
};

/// The most profiles of one user.
pub const MAX_PROFILES: u32 = 12;

/// One of a user's own profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub id: ProfileId,
    pub name: DisplayName,
    pub avatar: Option<AvatarId>,
    pub is_default: bool,
}

/// Which of a user's profiles one of their rooms sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomProfile {
    pub room: RoomId,
    pub title: RoomTitle,
    /// None is the default, whichever that is.
    pub profile: Option<ProfileId>,
}

/// A user's profiles, the default first, and the rooms in which each is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileAssignments {
    pub profiles: Vec<Profile>,
    /// The room with the newest activity first.
    pub rooms: Vec<RoomProfile>,
}

/// What one user sees of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCard {
    pub summary: UserSummary,
    /// The rooms that both are in.
    pub rooms: Vec<(RoomId, RoomTitle)>,
    /// All profiles, on the user's own card; None on another's.
    pub own: Option<Vec<Profile>>,
}
