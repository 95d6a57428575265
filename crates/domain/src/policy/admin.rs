//! Who may do what in the instance.

use crate::admin::{InstanceRole, RegistrationMode};

/// An action on the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminPermission {
    /// Seeing its users, its rooms, and the audit log.
    View,
    SetRegistration,
    Suspend(AdminTarget),
    Unsuspend(AdminTarget),
    /// Making a member an administrator.
    Promote(AdminTarget),
    /// Making an administrator a member.
    Demote(AdminTarget),
    SignOut(AdminTarget),
    /// Making a link for a new password.
    IssuePasswordReset(AdminTarget),
    /// Switching off the second factor.
    RemoveTwoFactor(AdminTarget),
}

/// The user to whom it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminTarget {
    pub role: InstanceRole,
    pub suspended: bool,
    pub is_self: bool,
    pub has_two_factor: bool,
}

/// The whole table of permissions. That the last administrator stays one is checked in the transaction that
/// changes roles.
#[must_use]
pub fn admin_can(action: AdminPermission, role: InstanceRole) -> bool {
    use AdminPermission::{
        Demote, IssuePasswordReset, Promote, RemoveTwoFactor, SetRegistration, SignOut, Suspend,
        Unsuspend, View,
    };
    let may = match action {
        View | SetRegistration => true,
        // Administrators cannot suspend themselves; and they change their own password by giving the present
        // one: an open session alone must not be enough.
        Suspend(target) | IssuePasswordReset(target) => !target.suspended && !target.is_self,
        Unsuspend(target) => target.suspended,
        Promote(target) => target.role == InstanceRole::Member && !target.suspended,
        Demote(target) => target.role == InstanceRole::Administrator,
        SignOut(target) => !target.suspended,
        RemoveTwoFactor(target) => target.has_two_factor && !target.suspended && !target.is_self,
    };
    may && role == InstanceRole::Administrator
}

/// Whether a signed-out caller may sign up.
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
        Demote, IssuePasswordReset, Promote, RemoveTwoFactor, SetRegistration, SignOut, Suspend,
        Unsuspend, View,
    };
    use InstanceRole::{Administrator, Member};

    const MEMBER: AdminTarget =
        AdminTarget { role: Member, suspended: false, is_self: false, has_two_factor: false };

    /// The targets: a member, a suspended member, an administrator, a suspended administrator, the actor; then
    /// the first, the second and the last of these with a second factor.
    const TARGETS: [AdminTarget; 8] = [
        MEMBER,
        AdminTarget { suspended: true, ..MEMBER },
        AdminTarget { role: Administrator, ..MEMBER },
        AdminTarget { role: Administrator, suspended: true, ..MEMBER },
        AdminTarget { role: Administrator, is_self: true, ..MEMBER },
        AdminTarget { has_two_factor: true, ..MEMBER },
        AdminTarget { suspended: true, has_two_factor: true, ..MEMBER },
        AdminTarget { role: Administrator, is_self: true, has_two_factor: true, ..MEMBER },
    ];

    type PermissionFor = fn(AdminTarget) -> AdminPermission;
    const TABLE: [(PermissionFor, &str); 9] = [
        (|_| View, "yyyyyyyy"),
        (|_| SetRegistration, "yyyyyyyy"),
        (Suspend, "y.y..y.."),
        (Unsuspend, ".y.y..y."),
        (Promote, "y....y.."),
        (Demote, "..yyy..y"),
        (SignOut, "y.y.yy.y"),
        (IssuePasswordReset, "y.y..y.."),
        (RemoveTwoFactor, ".....y.."),
    ];

    #[test]
    fn the_table_of_who_may_what() {
        for (action, row) in TABLE {
            for (target, cell) in TARGETS.into_iter().zip(row.chars()) {
                let action = action(target);
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
