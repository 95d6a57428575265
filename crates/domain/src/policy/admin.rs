//! Who may do what about the instance itself.

use crate::admin::{InstanceRole, RegistrationMode};

/// What somebody wants of the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminPermission {
    /// Seeing who lives here, which rooms there are, and what administrators did.
    RoomView,
    SetRegistration,
    Suspend(AdminTarget),
    Restore(AdminTarget),
    /// Making somebody an administrator.
    Appoint(AdminTarget),
    /// Making an administrator one who is none.
    Dismiss(AdminTarget),
    SignOut(AdminTarget),
    /// Making a link by which somebody chooses a new password.
    Reset(AdminTarget),
    /// Taking off the second step of signing in.
    EndSecondStep(AdminTarget),
}

/// To whom it would be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminTarget {
    pub role: InstanceRole,
    pub suspended: bool,
    pub is_self: bool,
    pub has_second_step: bool,
}

/// The whole table. That one administrator is always left, the transaction sees to that does it.
#[must_use]
pub fn admin_can(action: AdminPermission, role: InstanceRole) -> bool {
    use AdminPermission::{
        Appoint, Dismiss, EndSecondStep, Reset, Restore, RoomView, SetRegistration, SignOut,
        Suspend,
    };
    let may = match action {
        RoomView | SetRegistration => true,
        // Nobody locks themselves out; and one's own password is changed with it: an open session alone must not
        // be enough.
        Suspend(whom) | Reset(whom) => !whom.suspended && !whom.is_self,
        Restore(whom) => whom.suspended,
        Appoint(whom) => whom.role == InstanceRole::Member && !whom.suspended,
        Dismiss(whom) => whom.role == InstanceRole::Administrator,
        SignOut(whom) => !whom.suspended,
        EndSecondStep(whom) => whom.has_second_step && !whom.suspended && !whom.is_self,
    };
    may && role == InstanceRole::Administrator
}

/// Whether a stranger may become somebody.
#[must_use]
pub const fn may_sign_up(mode: RegistrationMode, is_invited: bool) -> bool {
    match mode {
        RegistrationMode::Open => true,
        RegistrationMode::Invitation => is_invited,
        RegistrationMode::Closed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AdminPermission::{
        Appoint, Dismiss, EndSecondStep, Reset, Restore, RoomView, SetRegistration, SignOut,
        Suspend,
    };
    use InstanceRole::{Administrator, Member};

    const MEMBER: AdminTarget =
        AdminTarget { role: Member, suspended: false, is_self: false, has_second_step: false };

    /// Those to whom it is done: a member, a suspended member, an administrator, a suspended administrator,
    /// the actor; then the first, the second and the last of these with a second step.
    const WHOM: [AdminTarget; 8] = [
        MEMBER,
        AdminTarget { suspended: true, ..MEMBER },
        AdminTarget { role: Administrator, ..MEMBER },
        AdminTarget { role: Administrator, suspended: true, ..MEMBER },
        AdminTarget { role: Administrator, is_self: true, ..MEMBER },
        AdminTarget { has_second_step: true, ..MEMBER },
        AdminTarget { suspended: true, has_second_step: true, ..MEMBER },
        AdminTarget { role: Administrator, is_self: true, has_second_step: true, ..MEMBER },
    ];

    type Asked = fn(AdminTarget) -> AdminPermission;
    const TABLE: [(Asked, &str); 9] = [
        (|_| RoomView, "yyyyyyyy"),
        (|_| SetRegistration, "yyyyyyyy"),
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
                assert_eq!(admin_can(action, Administrator), cell == 'y', "{action:?}");
                assert!(!admin_can(action, Member), "{action:?}");
            }
        }
    }

    #[test]
    fn strangers_sign_up_as_the_instance_has_it() {
        let table = [
            (RegistrationMode::Open, [true, true]),
            (RegistrationMode::Invitation, [false, true]),
            (RegistrationMode::Closed, [false, false]),
        ];
        for (mode, expected) in table {
            assert_eq!([may_sign_up(mode, false), may_sign_up(mode, true)], expected, "{mode:?}");
        }
    }
}
