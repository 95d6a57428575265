//! Profiles: the ways in which a person shows themselves. Each has several at most and one at least; one
//! is the default, which everybody sees where no other was chosen.

use crate::{
    ids::{AvatarId, ProfileId, RoomId},
    rooms::RoomTitle,
    users::DisplayName,
};

/// The most profiles of one person.
pub const MAX_PROFILES: u32 = 12;

/// One of a person's own profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub id: ProfileId,
    pub name: DisplayName,
    pub avatar: Option<AvatarId>,
    pub is_default: bool,
}

/// Which of a person's profiles one of their rooms sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomProfile {
    pub room: RoomId,
    pub title: RoomTitle,
    /// None is the default, whichever that is.
    pub profile: Option<ProfileId>,
}

/// A person's profiles, the default first, and where each is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileAssignments {
    pub profiles: Vec<Profile>,
    /// The room with the newest activity first.
    pub rooms: Vec<RoomProfile>,
}
