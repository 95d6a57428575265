//! The house as a whole: who looks after it, who may sign up, and what was done about that.

use crate::{
    clock::Millis,
    ids::{PersonId, RoomId},
    people::{DisplayName, Face},
    rooms::{Access, RoomTitle},
};

/// The most people, rooms or deeds on one page.
pub const HOUSE_PAGE: usize = 60;
/// A link by which somebody chooses a new password lives this long.
pub const RESET_MILLIS: i64 = 4 * 60 * 60 * 1_000;

/// What a person is to the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseRole {
    Member,
    /// Looks after it. Whoever came first is one.
    Administrator,
}

impl HouseRole {
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
pub enum SignUpMode {
    Open,
    /// Whoever has an invitation link into a room.
    Invitation,
    Closed,
}

impl SignUpMode {
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
pub enum Deed {
    Suspended,
    Restored,
    Appointed,
    Dismissed,
    /// Signed somebody out everywhere.
    SignedOut,
    /// Made a link by which somebody chooses a new password.
    MadeReset,
    /// Took off the second step of signing in, for a user who has lost it.
    EndedSecondStep,
    ChoseSignUp(SignUpMode),
}

impl Deed {
    pub const ALL: [Self; 10] = [
        Self::Suspended,
        Self::Restored,
        Self::Appointed,
        Self::Dismissed,
        Self::SignedOut,
        Self::MadeReset,
        Self::EndedSecondStep,
        Self::ChoseSignUp(SignUpMode::Open),
        Self::ChoseSignUp(SignUpMode::Invitation),
        Self::ChoseSignUp(SignUpMode::Closed),
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
            Self::EndedSecondStep => "ended_second_step",
            Self::ChoseSignUp(SignUpMode::Open) => "sign_up_open",
            Self::ChoseSignUp(SignUpMode::Invitation) => "sign_up_invitation",
            Self::ChoseSignUp(SignUpMode::Closed) => "sign_up_closed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }
}

/// Somebody who lives here, as administrators see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    pub face: Face,
    pub email: String,
    pub role: HouseRole,
    pub suspended: bool,
    /// Signing in asks for a code too.
    pub has_second_step: bool,
    pub since: Millis,
}

/// Somebody who lives here, and what whoever looks may do to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Housed {
    pub resident: Resident,
    /// On how many devices they are signed in.
    pub devices: usize,
    pub may: Vec<Deed>,
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
        let pages = count.div_ceil(HOUSE_PAGE).max(1);
        let page = page.clamp(1, pages);
        let entries = found.into_iter().skip((page - 1) * HOUSE_PAGE).take(HOUSE_PAGE).collect();
        Self { query, entries, found: count, page, pages }
    }
}

/// A room with a title, as administrators see it from outside: nothing of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseRoom {
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
    pub deed: Deed,
    /// None is whoever has the machine.
    pub by: Option<Who>,
    /// To whom it was done, if to anybody.
    pub person: Option<Who>,
    pub at: Millis,
}

/// Somebody in the log, as they are called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub id: PersonId,
    /// None since they have deleted their account.
    pub name: Option<DisplayName>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_are_read_as_they_are_written() {
        for role in HouseRole::ALL {
            assert_eq!(HouseRole::from_code(role.code()), Some(role));
        }
        for mode in SignUpMode::ALL {
            assert_eq!(SignUpMode::from_code(mode.code()), Some(mode));
        }
        for deed in Deed::ALL {
            assert_eq!(Deed::from_code(deed.code()), Some(deed));
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
