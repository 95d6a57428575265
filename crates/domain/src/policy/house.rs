//! Who may do what about the house itself.

use crate::house::{HouseRole, SignUpMode};

/// What somebody wants of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseAction {
    /// Seeing who lives here, which rooms there are, and what administrators did.
    Look,
    ChooseSignUp,
    Suspend(Whom),
    Restore(Whom),
    /// Making somebody an administrator.
    Appoint(Whom),
    /// Making an administrator one who is none.
    Dismiss(Whom),
    SignOut(Whom),
    /// Making a link by which somebody chooses a new password.
    Reset(Whom),
    /// Taking off the second step of signing in.
    EndSecondStep(Whom),
}

/// To whom it would be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whom {
    pub role: HouseRole,
    pub suspended: bool,
    pub is_self: bool,
    pub has_second_step: bool,
}

/// The whole table. That one administrator is always left, the transaction sees to that does it.
#[must_use]
pub fn house_allows(action: HouseAction, role: HouseRole) -> bool {
    use HouseAction::{
        Appoint, ChooseSignUp, Dismiss, EndSecondStep, Look, Reset, Restore, SignOut, Suspend,
    };
    let may = match action {
        Look | ChooseSignUp => true,
        // Nobody locks themselves out; and one's own password is changed with it: an open session alone must not
        // be enough.
        Suspend(whom) | Reset(whom) => !whom.suspended && !whom.is_self,
        Restore(whom) => whom.suspended,
        Appoint(whom) => whom.role == HouseRole::Member && !whom.suspended,
        Dismiss(whom) => whom.role == HouseRole::Administrator,
        SignOut(whom) => !whom.suspended,
        EndSecondStep(whom) => whom.has_second_step && !whom.suspended && !whom.is_self,
    };
    may && role == HouseRole::Administrator
}

/// Whether a stranger may become somebody.
#[must_use]
pub const fn may_sign_up(mode: SignUpMode, is_invited: bool) -> bool {
    match mode {
        SignUpMode::Open => true,
        SignUpMode::Invitation => is_invited,
        SignUpMode::Closed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use HouseAction::{
        Appoint, ChooseSignUp, Dismiss, EndSecondStep, Look, Reset, Restore, SignOut, Suspend,
    };
    use HouseRole::{Administrator, Member};

    const MEMBER: Whom =
        Whom { role: Member, suspended: false, is_self: false, has_second_step: false };

    /// Those to whom it is done: a member, a suspended member, an administrator, a suspended administrator,
    /// the actor; then the first, the second and the last of these with a second step.
    const WHOM: [Whom; 8] = [
        MEMBER,
        Whom { suspended: true, ..MEMBER },
        Whom { role: Administrator, ..MEMBER },
        Whom { role: Administrator, suspended: true, ..MEMBER },
        Whom { role: Administrator, is_self: true, ..MEMBER },
        Whom { has_second_step: true, ..MEMBER },
        Whom { suspended: true, has_second_step: true, ..MEMBER },
        Whom { role: Administrator, is_self: true, has_second_step: true, ..MEMBER },
    ];

    type Asked = fn(Whom) -> HouseAction;
    const TABLE: [(Asked, &str); 9] = [
        (|_| Look, "yyyyyyyy"),
        (|_| ChooseSignUp, "yyyyyyyy"),
        (Suspend, "y.y..y.."),
        (Restore, ".y.y..y."),
        (Appoint, "y....y.."),
        (Dismiss, "..yyy..y"),
        (SignOut, "y.y.yy.y"),
        (Reset, "y.y..y.."),
        (EndSecondStep, ".....y.."),
    ];

    #[test]
    fn the_table_of_who_may_what() {
        for (action, row) in TABLE {
            for (whom, cell) in WHOM.into_iter().zip(row.chars()) {
                let action = action(whom);
                assert_eq!(house_allows(action, Administrator), cell == 'y', "{action:?}");
                assert!(!house_allows(action, Member), "{action:?}");
            }
        }
    }

    #[test]
    fn strangers_sign_up_as_the_house_has_it() {
        let table = [
            (SignUpMode::Open, [true, true]),
            (SignUpMode::Invitation, [false, true]),
            (SignUpMode::Closed, [false, false]),
        ];
        for (mode, expected) in table {
            assert_eq!([may_sign_up(mode, false), may_sign_up(mode, true)], expected, "{mode:?}");
        }
    }
}
