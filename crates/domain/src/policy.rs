//! Who may do what. One pure function over what the database says of a person and a room; every use
//! case asks here, and nowhere else decides.

use crate::{
    memberships::Role,
    problem::AppError,
    rooms::RoomKind::{self, Open, Private},
};

/// What a person is to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipStatus {
    /// Has the room's link at most.
    Stranger,
    /// Has been in, and gone by themselves.
    Left,
    /// Has been in, and was asked to go.
    Removed,
    /// May not come in until somebody lifts the ban.
    Banned,
    /// Outside, and asked to come in.
    Invited,
    In(Role),
}

/// What somebody wants of a room. Where it is done to another person, what that person is to the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Seeing from outside that it is there, and how it is called.
    Knock,
    /// Coming in: by the room's address, out of the list of open rooms, or because one was asked to.
    Enter,
    /// Coming in by a link that lets in whoever has it.
    Join,
    /// Not coming in, though one was asked to.
    Decline,
    /// Reading lines, members and changes.
    Read,
    /// Saying something.
    Post,
    Leave,
    /// Changing the title, the description, and who may enter.
    Arrange,
    /// Closing it for everybody, for ever.
    Close,
    Remove(MembershipStatus),
    Ban(MembershipStatus),
    /// Lifting a ban.
    Pardon(MembershipStatus),
    /// Giving another role.
    Appoint(MembershipStatus),
    /// Giving the room away.
    HandOver(MembershipStatus),
    /// Asking somebody to come in.
    Invite(MembershipStatus),
    /// Taking that back.
    Withdraw(MembershipStatus),
    /// Making, seeing and revoking links that let in whoever has them.
    Link,
}

/// The whole table of who may do what.
#[must_use]
pub fn allowed(action: Action, standing: MembershipStatus, kind: RoomKind) -> bool {
    use MembershipStatus::{Banned, In, Invited, Left, Removed, Stranger};
    let is_in = matches!(standing, In(_));
    let owns = standing == In(Role::Owner);
    let keeps_order = matches!(standing, In(Role::Owner | Role::Moderator));
    match action {
        Action::Read | Action::Post => is_in,
        Action::Knock | Action::Enter => match kind {
            Open => standing != Banned,
            Private => is_in || standing == Invited,
            RoomKind::Direct => is_in,
        },
        Action::Join => match kind {
            Open => standing != Banned,
            // A moderator invites again who was asked to go.
            Private => !matches!(standing, Banned | Removed),
            RoomKind::Direct => is_in,
        },
        // A one-to-one room is for those two, as it is, for ever.
        _ if kind == RoomKind::Direct => false,
        Action::Leave => is_in,
        Action::Decline => standing == Invited,
        Action::Arrange | Action::Close => owns,
        Action::Remove(of) => outranks(standing, of),
        Action::Ban(of) => match of {
            In(_) => outranks(standing, of),
            Left | Removed => keeps_order,
            Stranger | Banned | Invited => false,
        },
        Action::Pardon(of) => keeps_order && of == Banned,
        Action::Appoint(of) | Action::HandOver(of) => owns && outranks(standing, of),
        Action::Invite(of) => match of {
            Stranger | Left | Invited => is_in,
            // Whoever asked them to go decides.
            Removed => keeps_order,
            Banned | In(_) => false,
        },
        Action::Withdraw(of) => keeps_order && of == Invited,
        Action::Link => keeps_order,
    }
}

/// Goes on, or says why not: to whoever may not read the room it is not there.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::NotAllowed`].
pub fn check(action: Action, standing: MembershipStatus, kind: RoomKind) -> Result<(), AppError> {
    if allowed(action, standing, kind) {
        Ok(())
    } else if allowed(Action::Read, standing, kind) {
        Err(AppError::NotAllowed)
    } else {
        Err(AppError::NotFound)
    }
}

/// Whether one keeps order over the other: both are in, and owners are over everybody but owners,
/// moderators over members.
const fn outranks(one: MembershipStatus, other: MembershipStatus) -> bool {
    match (one, other) {
        (MembershipStatus::In(one), MembershipStatus::In(other)) => match one {
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
