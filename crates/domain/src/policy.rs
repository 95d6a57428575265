//! Who may do what. One pure function over what the database says of a person and a room; every use
//! case asks here, and nowhere else decides.

use crate::{
    error::AppError,
    memberships::Role,
    rooms::RoomKind::{self, Open, Private},
};

/// What a person is to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipStatus {
    /// Has the room's link at most.
    NonMember,
    /// Has been in, and gone by themselves.
    Left,
    /// Has been in, and was asked to go.
    Removed,
    /// May not come in until somebody lifts the ban.
    Banned,
    /// Outside, and asked to come in.
    Invited,
    Member(Role),
}

/// What somebody wants of a room. Where it is done to another person, what that person is to the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Seeing from outside that it is there, and how it is called.
    Preview,
    /// Coming in: by the room's address, out of the list of open rooms, or because one was asked to.
    Join,
    /// Coming in by a link that lets in whoever has it.
    JoinByLink,
    /// Not coming in, though one was asked to.
    Decline,
    /// Reading lines, members and changes.
    Read,
    /// Saying something.
    Post,
    Leave,
    /// Changing the title, the description, and who may enter.
    EditSettings,
    /// Closing it for everybody, for ever.
    Close,
    Remove(MembershipStatus),
    Ban(MembershipStatus),
    /// Lifting a ban.
    Unban(MembershipStatus),
    /// Giving another role.
    ChangeRole(MembershipStatus),
    /// Giving the room away.
    TransferOwnership(MembershipStatus),
    /// Asking somebody to come in.
    Invite(MembershipStatus),
    /// Taking that back.
    RevokeInvitation(MembershipStatus),
    /// Making, seeing and revoking links that let in whoever has them.
    ManageInviteLinks,
}

/// The whole table of who may do what.
#[must_use]
pub fn allowed(action: Action, status: MembershipStatus, kind: RoomKind) -> bool {
    use MembershipStatus::{Banned, Invited, Left, Member, NonMember, Removed};
    let is_in = matches!(status, Member(_));
    let owns = status == Member(Role::Owner);
    let keeps_order = matches!(status, Member(Role::Owner | Role::Moderator));
    match action {
        Action::Read | Action::Post => is_in,
        Action::Preview | Action::Join => match kind {
            Open => status != Banned,
            Private => is_in || status == Invited,
            RoomKind::Direct => is_in,
        },
        Action::JoinByLink => match kind {
            Open => status != Banned,
            // A moderator invites again who was asked to go.
            Private => !matches!(status, Banned | Removed),
            RoomKind::Direct => is_in,
        },
        // A one-to-one room is for those two, as it is, for ever.
        _ if kind == RoomKind::Direct => false,
        Action::Leave => is_in,
        Action::Decline => status == Invited,
        Action::EditSettings | Action::Close => owns,
        Action::Remove(of) => outranks(status, of),
        Action::Ban(of) => match of {
            Member(_) => outranks(status, of),
            Left | Removed => keeps_order,
            NonMember | Banned | Invited => false,
        },
        Action::Unban(of) => keeps_order && of == Banned,
        Action::ChangeRole(of) | Action::TransferOwnership(of) => owns && outranks(status, of),
        Action::Invite(of) => match of {
            NonMember | Left | Invited => is_in,
            // Whoever asked them to go decides.
            Removed => keeps_order,
            Banned | Member(_) => false,
        },
        Action::RevokeInvitation(of) => keeps_order && of == Invited,
        Action::ManageInviteLinks => keeps_order,
    }
}

/// Goes on, or says why not: to whoever may not read the room it is not there.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::NotAllowed`].
pub fn check(action: Action, status: MembershipStatus, kind: RoomKind) -> Result<(), AppError> {
    if allowed(action, status, kind) {
        Ok(())
    } else if allowed(Action::Read, status, kind) {
        Err(AppError::NotAllowed)
    } else {
        Err(AppError::NotFound)
    }
}

/// Whether one keeps order over the other: both are in, and owners are over everybody but owners,
/// moderators over members.
const fn outranks(one: MembershipStatus, other: MembershipStatus) -> bool {
    match (one, other) {
        (MembershipStatus::Member(one), MembershipStatus::Member(other)) => match one {
            Role::Owner => !matches!(other, Role::Owner),
            Role::Moderator => matches!(other, Role::Member),
            Role::Member => false,
        },
        _ => false,
    }
}

/// What is asked of the instance rather than of a room.
pub mod admin;

#[cfg(test)]
mod tests;
