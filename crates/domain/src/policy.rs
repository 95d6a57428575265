//! Who may do what. One pure function over what the database says of a person and a room; every use
//! case asks here, and nowhere else decides.

use crate::{
    memberships::Role,
    problem::Problem,
    rooms::RoomKind::{self, Open},
};

/// What a person is to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Has the room's link at most.
    Stranger,
    /// Has been in, and gone by themselves.
    Left,
    /// Has been in, and was asked to go.
    Removed,
    /// May not come in until somebody lifts the ban.
    Banned,
    In(Role),
}

/// What somebody wants of a room. Where it is done to another person, what that person is to the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Seeing from outside that it is there, and how it is called.
    Knock,
    /// Coming in by the room's link, or out of the list of open rooms.
    Enter,
    /// Reading lines, members and changes.
    Read,
    /// Saying something.
    Post,
    Leave,
    /// Changing the title, the description, and who may enter.
    Arrange,
    /// Closing it for everybody, for ever.
    Close,
    Remove(Standing),
    Ban(Standing),
    /// Lifting a ban.
    Pardon(Standing),
    /// Giving another role.
    Appoint(Standing),
    /// Giving the room away.
    HandOver(Standing),
}

/// The whole table of who may do what.
#[must_use]
pub fn allowed(action: Action, standing: Standing, kind: RoomKind) -> bool {
    use Standing::{Banned, In, Left, Removed, Stranger};
    let is_in = matches!(standing, In(_));
    let owns = standing == In(Role::Owner);
    let keeps_order = matches!(standing, In(Role::Owner | Role::Moderator));
    match action {
        Action::Read | Action::Post => is_in,
        // Whom a private room lets in besides is written into the membership by whoever invites.
        Action::Knock | Action::Enter => is_in || (kind == Open && standing != Banned),
        // A one-to-one room is for those two, as it is, for ever.
        _ if kind == RoomKind::Direct => false,
        Action::Leave => is_in,
        Action::Arrange | Action::Close => owns,
        Action::Remove(of) => outranks(standing, of),
        Action::Ban(of) => match of {
            In(_) => outranks(standing, of),
            Left | Removed => keeps_order,
            Stranger | Banned => false,
        },
        Action::Pardon(of) => keeps_order && of == Banned,
        Action::Appoint(of) | Action::HandOver(of) => owns && outranks(standing, of),
    }
}

/// Goes on, or says why not: to whoever may not read the room it is not there.
///
/// # Errors
/// [`Problem::NotFound`] or [`Problem::NotAllowed`].
pub fn check(action: Action, standing: Standing, kind: RoomKind) -> Result<(), Problem> {
    if allowed(action, standing, kind) {
        Ok(())
    } else if allowed(Action::Read, standing, kind) {
        Err(Problem::NotAllowed)
    } else {
        Err(Problem::NotFound)
    }
}

/// Whether one keeps order over the other: both are in, and owners are over everybody but owners,
/// moderators over members.
const fn outranks(one: Standing, other: Standing) -> bool {
    match (one, other) {
        (Standing::In(one), Standing::In(other)) => match one {
            Role::Owner => !matches!(other, Role::Owner),
            Role::Moderator => matches!(other, Role::Member),
            Role::Member => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests;
