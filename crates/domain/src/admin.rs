//! The instance as a whole: who looks after it, who may sign up, and what was done about that.

use crate::{
    clock::Millis,
    ids::{RoomId, UserId},
    people::{DisplayName, UserSummary},
    rooms::{Access, RoomTitle},
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
    Suspended,
    Restored,
    Appointed,
    Dismissed,
    /// Signed somebody out everywhere.
    SignedOut,
    /// Made a link by which somebody chooses a new password.
    MadeReset,
    /// Took off the second step of signing in, for a user who has lost it.
    EndedTwoFactor,
    SetRegistration(RegistrationMode),
}

impl AdminAction {
    pub const ALL: [Self; 10] = [
        Self::Suspended,
        Self::Restored,
        Self::Appointed,
        Self::Dismissed,
        Self::SignedOut,
        Self::MadeReset,
        Self::EndedTwoFactor,
        Self::SetRegistration(RegistrationMode::Open),
        Self::SetRegistration(RegistrationMode::Invitation),
        Self::SetRegistration(RegistrationMode::Closed),
    ];

    /// As it stands in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::Restored => "restored",
            Self::Appointed => "appointed",
            Self::Dismissed => "dismissed",
            Self::SignedOut => "signed_out",
            Self::MadeReset => "made_reset",
            Self::EndedTwoFactor => "ended_second_step",
            Self::SetRegistration(RegistrationMode::Open) => "sign_up_open",
            Self::SetRegistration(RegistrationMode::Invitation) => "sign_up_invitation",
            Self::SetRegistration(RegistrationMode::Closed) => "sign_up_closed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }
}

/// Somebody who lives here, as administrators see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminUserSummary {
    pub face: UserSummary,
    pub email: String,
    pub role: InstanceRole,
    pub suspended: bool,
    /// Signing in asks for a code too.
    pub has_second_step: bool,
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

/// A page of something that administrators look through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf<T> {
    /// What was looked for, as typed; nothing finds all.
    pub query: String,
    pub entries: Vec<T>,
    /// How many were found, on all pages.
    pub found: usize,
    /// From 1.
    pub page: usize,
    pub pages: usize,
}

impl<T> Leaf<T> {
    /// The page of this number, from 1; one past the end is the last.
    #[must_use]
    pub fn of(query: String, found: Vec<T>, page: usize) -> Self {
        let count = found.len();
        let pages = count.div_ceil(ADMIN_PER_PAGE).max(1);
        let page = page.clamp(1, pages);
        let entries =
            found.into_iter().skip((page - 1) * ADMIN_PER_PAGE).take(ADMIN_PER_PAGE).collect();
        Self { query, entries, found: count, page, pages }
    }
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
pub struct Entry {
    pub deed: AdminAction,
    /// None is whoever has the machine.
    pub by: Option<Who>,
    /// To whom it was done, if to anybody.
    pub person: Option<Who>,
    pub at: Millis,
}

/// Somebody in the log, as they are called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub id: UserId,
    /// None since they have deleted their account.
    pub name: Option<DisplayName>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_are_read_as_they_are_written() {
        for role in InstanceRole::ALL {
            assert_eq!(InstanceRole::from_code(role.code()), Some(role));
        }
        for mode in RegistrationMode::ALL {
            assert_eq!(RegistrationMode::from_code(mode.code()), Some(mode));
        }
        for deed in AdminAction::ALL {
            assert_eq!(AdminAction::from_code(deed.code()), Some(deed));
        }
    }

    proptest! {
        #[test]
        fn pages_put_together_are_everything(count in 0_usize..400, beyond in 1_usize..9) {
            let all: Vec<_> = (0..count).collect();
            let leaf = |page| Leaf::of(String::new(), all.clone(), page);
            let pages = leaf(1).pages;
            let together: Vec<_> = (1..=pages).flat_map(|page| leaf(page).entries).collect();
            prop_assert_eq!(&together, &all);
            prop_assert_eq!(leaf(pages + beyond), leaf(pages));
            prop_assert_eq!(leaf(0), leaf(1));
        }
    }
}
