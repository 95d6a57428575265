//! Notices: what users are told about changes that others made in their accounts.

use crate::{admin::UserRef, clock::Millis, ids::NoticeId};

/// How many are shown, the newest first.
pub const MAX_NOTICES_SHOWN: u32 = 30;

with_all! {
    /// What has been changed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum NoticeKind {
        /// A link for a new password was made.
        ResetLinkMade,
        /// The second factor was switched off.
        TwoFactorRemoved,
        /// The instance was restored from a backup, which ends all recovery codes.
        RecoveryCodesEnded,
    }
}

impl NoticeKind {
    /// The code in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResetLinkMade => "reset_link_made",
            Self::TwoFactorRemoved => "two_factor_removed",
            Self::RecoveryCodesEnded => "recovery_codes_ended",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub id: NoticeId,
    pub kind: NoticeKind,
    /// None is the operator, on the command line.
    pub by: Option<UserRef>,
    pub at: Millis,
    /// The user has not confirmed yet that they have read it.
    pub is_new: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_they_are_written() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::from_code(kind.code()), Some(kind));
        }
    }
}
