//! Who may do what in a room. One pure function over the membership status and the room's kind; every use case
//! calls it, and no decision is made elsewhere.

use crate::{
    error::{AppError, What},
    memberships::Role,
    rooms::RoomKind::{self, Open, Private},
};

/// What a user is to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipStatus {
    /// Was never a member.
    NonMember,
    /// Was a member, and left.
    Left,
    /// Was a member, and was removed.
    Removed,
    /// May not join until the ban is lifted.
    Banned,
    /// Not a member, but invited.
    Invited,
    Member(Role),
}

/// An action in a room. For actions on another user, with that user's status in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Seeing the room's title and number of members without being a member.
    Preview,
    /// Joining: by the room's address, from the list of open rooms, or by invitation.
    Join,
    /// Joining by an invitation link.
    JoinByLink,
    /// Declining an invitation.
    Decline,
    /// Reading messages, members and changes.
    Read,
    /// Posting a message.
    Post,
    Leave,
    /// Changing the title, the description, and who may join.
    EditSettings,
    /// Closing the room for all members, for ever.
    Close,
    Remove(MembershipStatus),
    Ban(MembershipStatus),
    /// Lifting a ban.
    Unban(MembershipStatus),
    /// Giving another role.
    ChangeRole(MembershipStatus),
    /// Making another member the owner.
    TransferOwnership(MembershipStatus),
    /// Inviting a user.
    Invite(MembershipStatus),
    /// Revoking an invitation.
    RevokeInvitation(MembershipStatus),
    /// Making, listing and revoking invitation links.
    ManageInviteLinks,
}

/// The whole table of permissions.
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
            // A removed user can only come back if a moderator invites them by name.
            Private => !matches!(status, Banned | Removed),
            RoomKind::Direct => is_in,
        },
        // A one-to-one room never changes.
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
            // Moderators remove members, so only moderators invite them back.
            Removed => keeps_order,
            Banned | Member(_) => false,
        },
        Action::RevokeInvitation(of) => keeps_order && of == Invited,
        Action::ManageInviteLinks => keeps_order,
    }
}

/// Returns an error unless the action is allowed. To users who may not read the room, the room is not found.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::NotAllowed`].
pub fn check(action: Action, status: MembershipStatus, kind: RoomKind) -> Result<(), AppError> {
    if allowed(action, status, kind) {
        Ok(())
    } else if allowed(Action::Read, status, kind) {
        Err(AppError::NotAllowed)
    } else {
        Err(AppError::NotFound(What::Room))
    }
}

/// Whether one may moderate the other: both are members; owners outrank all but owners, moderators outrank
/// members.
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

/// Actions on the instance rather than on a room.
pub mod admin;

#[cfg(test)]
mod tests;
