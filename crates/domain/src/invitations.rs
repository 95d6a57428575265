//! Being asked into a room by somebody who is in.

use crate::{
    ids::{AvatarId, RoomId, UserId},
    invitation_links::{InvitationLink, SecretToken},
    pagination::Paginated,
    rooms::RoomTitle,
    users::{DisplayName, UserSummary},
};

/// The most people who are asked at once.
pub const MAX_INVITED_AT_ONCE: u32 = 60;

/// Somebody who was asked and has not answered, as those see them who may take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub user: UserId,
    pub name: DisplayName,
    pub avatar: Option<AvatarId>,
    /// Who asked them.
    pub by: DisplayName,
}

/// What is shown to whoever wants to ask others in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteOptions {
    pub room: RoomId,
    pub title: RoomTitle,
    /// Those who could be asked, or of them those who were looked for.
    pub users: Paginated<UserSummary>,
    /// None for whoever may not take an invitation back, nor make links.
    pub open: Option<OpenInvitations>,
}

/// What is out, and may still bring somebody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvitations {
    pub users: Vec<Invited>,
    pub links: Vec<InvitationLink>,
    /// The secret of the next link, for the form that makes it.
    pub fresh: SecretToken,
}
