//! Invitations by name, from a member of the room.

use crate::{
    ids::{AvatarId, RoomId, UserId},
    invitation_links::{InvitationLink, SecretToken},
    pagination::Paginated,
    rooms::RoomTitle,
    users::{DisplayName, UserSummary},
};

/// The most users who can be invited at once.
pub const MAX_INVITED_AT_ONCE: u32 = 60;

/// A user with an open invitation, as the users see them who may revoke it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub user: UserId,
    pub name: DisplayName,
    pub avatar: Option<AvatarId>,
    /// The user who invited them.
    pub by: DisplayName,
}

/// What the invite page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteOptions {
    pub room: RoomId,
    pub title: RoomTitle,
    /// The users who can be invited, filtered by the search.
    pub users: Paginated<UserSummary>,
    /// None for users who may neither revoke invitations nor make links.
    pub open: Option<OpenInvitations>,
}

/// Open invitations and valid links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvitations {
    pub users: Vec<Invited>,
    pub links: Vec<InvitationLink>,
    /// The secret of the next link, for the form that makes it.
    pub fresh: SecretToken,
}
