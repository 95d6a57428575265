//! The instance as a whole: its administrators, who may sign up, and the audit log.

use crate::{
    clock::Millis,
    ids::{RoomId, UserId},
    rooms::{RoomTitle, Visibility},
    users::{DisplayName, UserSummary},
};

/// The most users, rooms or audit log entries on one page.
pub const ADMIN_PER_PAGE: usize = 60;
/// How long a link for a new password is valid.
pub const PASSWORD_RESET_TTL_MILLIS: i64 = 4 * 60 * 60 * 1_000;

with_all! {
    /// A user's role in the instance.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum InstanceRole {
        Member,
        /// Administers the instance. The first user is an administrator.
        Administrator,
    }
}

impl InstanceRole {
    /// The code in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Administrator => "administrator",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

with_all! {
    /// Who may sign up.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RegistrationMode {
        Open,
        /// Users with an invitation link into a room.
        Invitation,
        Closed,
    }
}

impl RegistrationMode {
    /// The code in forms and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invitation => "invitation",
            Self::Closed => "closed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }
}

/// What an administrator did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminAction {
    Suspend,
    Unsuspend,
    Promote,
    Demote,
    /// Ended all sessions of a user.
    SignOut,
    /// Made a link for a new password.
    IssuePasswordReset,
    /// Switched off the second factor of a user who had lost it.
    RemoveTwoFactor,
    SetRegistration(RegistrationMode),
}

impl AdminAction {
    pub const ALL: [Self; 10] = [
        Self::Suspend,
        Self::Unsuspend,
        Self::Promote,
        Self::Demote,
        Self::SignOut,
        Self::IssuePasswordReset,
        Self::RemoveTwoFactor,
        Self::SetRegistration(RegistrationMode::Open),
        Self::SetRegistration(RegistrationMode::Invitation),
        Self::SetRegistration(RegistrationMode::Closed),
    ];

    /// The code in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Unsuspend => "unsuspend",
            Self::Promote => "promote",
            Self::Demote => "demote",
            Self::SignOut => "sign_out",
            Self::IssuePasswordReset => "issue_password_reset",
            Self::RemoveTwoFactor => "remove_two_factor",
            Self::SetRegistration(RegistrationMode::Open) => "set_registration_open",
            Self::SetRegistration(RegistrationMode::Invitation) => "set_registration_invitation",
            Self::SetRegistration(RegistrationMode::Closed) => "set_registration_closed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// A user in the administrators' list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminUserSummary {
    pub summary: UserSummary,
    pub email: String,
    pub role: InstanceRole,
    pub suspended: bool,
    /// Signing in requires a code too.
    pub has_two_factor: bool,
    pub since: Millis,
}

/// A user, and what the current administrator may do to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminUserDetail {
    pub admin_user: AdminUserSummary,
    /// On how many devices they are signed in.
    pub devices: usize,
    pub may: Vec<AdminAction>,
}

/// A room with a title in the administrators' list: nothing of its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminRoomSummary {
    pub id: RoomId,
    pub title: RoomTitle,
    pub visibility: Visibility,
    pub members: u64,
    pub messages: u64,
    /// When its newest message was posted, else when it was made.
    pub active_at: Millis,
}

/// An action of an administrator, its target, and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLogEntry {
    pub action: AdminAction,
    /// None is the operator, on the command line.
    pub actor: Option<UserRef>,
    /// The user to whom it was done, if it concerns one.
    pub target: Option<UserRef>,
    pub at: Millis,
}

/// A user, under their current name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRef {
    pub id: UserId,
    /// None when the account is deleted.
    pub name: Option<DisplayName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_they_are_written() {
        for role in InstanceRole::ALL {
            assert_eq!(InstanceRole::from_code(role.code()), Some(role));
        }
        for mode in RegistrationMode::ALL {
            assert_eq!(RegistrationMode::from_code(mode.code()), Some(mode));
        }
        for action in AdminAction::ALL {
            assert_eq!(AdminAction::from_code(action.code()), Some(action));
        }
    }
}
