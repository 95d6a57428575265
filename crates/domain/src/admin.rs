//! The instance as a whole: who looks after it, who may sign up, and what was done about that.

use crate::{
    clock::Millis,
    ids::{RoomId, UserId},
    rooms::{Access, RoomTitle},
    users::{DisplayName, UserSummary},
};

/// The most people, rooms or deeds on one page.
pub const ADMIN_PER_PAGE: usize = 60;
/// A link by which somebody chooses a new password lives this long.
pub const PASSWORD_RESET_TTL_MILLIS: i64 = 4 * 60 * 60 * 1_000;

/// What a person is to the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstanceRole {
    Member,
    /// Looks after it. Whoever came first is one.
    Administrator,
}

impl InstanceRole {
    pub const ALL: [Self; 2] = [Self::Member, Self::Administrator];

    /// As it stands in the database.
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

/// Who may become somebody here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    Open,
    /// Whoever has an invitation link into a room.
    Invitation,
    Closed,
}

impl RegistrationMode {
    pub const ALL: [Self; 3] = [Self::Open, Self::Invitation, Self::Closed];

    /// As it stands in forms and in the database.
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
    /// Signed somebody out everywhere.
    SignOut,
    /// Made a link by which somebody chooses a new password.
    IssuePasswordReset,
    /// Took off the second step of signing in, for a user who has lost it.
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

    /// As it stands in the database.
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

/// Somebody who lives here, as administrators see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminUserSummary {
    pub summary: UserSummary,
    pub email: String,
    pub role: InstanceRole,
    pub suspended: bool,
    /// Signing in asks for a code too.
    pub has_two_factor: bool,
    pub since: Millis,
}

/// Somebody who lives here, and what whoever looks may do to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminUserDetail {
    pub admin_user: AdminUserSummary,
    /// On how many devices they are signed in.
    pub devices: usize,
    pub may: Vec<AdminAction>,
}

/// A room with a title, as administrators see it from outside: nothing of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminRoomSummary {
    pub id: RoomId,
    pub title: RoomTitle,
    pub access: Access,
    pub members: u64,
    pub messages: u64,
    /// When something was last said, else when it was made.
    pub active_at: Millis,
}

/// What an administrator did, to whom, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLogEntry {
    pub action: AdminAction,
    /// None is whoever has the machine.
    pub actor: Option<UserRef>,
    /// To whom it was done, if to anybody.
    pub target: Option<UserRef>,
    pub at: Millis,
}

/// Somebody in the log, as they are called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRef {
    pub id: UserId,
    /// None since they have deleted their account.
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
