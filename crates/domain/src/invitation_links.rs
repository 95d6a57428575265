//! Invitation links: a link lets its holders into a room, and without an account into the instance first.

use crate::{
    clock::Millis,
    ids::{AvatarId, InvitationLinkId, RoomId},
    rooms::{Description, RoomTitle},
    text::ValidationError,
    users::DisplayName,
};
use std::fmt;

/// Random bytes in a link's secret. More than could be guessed, and few enough for the QR code to stay coarse
/// enough for an old camera.
pub const TOKEN_BYTES: usize = 16;

/// The secret in a link: 16 random bytes in hexadecimal. `Debug` is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretToken(String);

impl SecretToken {
    #[must_use]
    pub fn from_random(bytes: [u8; TOKEN_BYTES]) -> Self {
        let nibbles = bytes.into_iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
        Self(nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect())
    }

    /// # Errors
    /// [`ValidationError::InvalidFormat`] for anything but 32 hexadecimal digits.
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let fits = raw.len() == 2 * TOKEN_BYTES && raw.bytes().all(is_hex);
        if fits { Ok(Self(raw.to_owned())) } else { Err(ValidationError::InvalidFormat) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretToken(…)")
    }
}

with_all! {
    /// How long a link is valid.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub enum ExpiresAfter {
        Day,
        #[default]
        Week,
        Month,
    }
}

impl ExpiresAfter {
    /// The code in forms: days.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "1",
            Self::Week => "7",
            Self::Month => "30",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lifetime| lifetime.code() == code)
    }

    /// When a link ends that is made at `at`.
    #[must_use]
    pub const fn from(self, at: Millis) -> Millis {
        const DAY: i64 = 24 * 60 * 60 * 1_000;
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
        };
        Millis(at.0.saturating_add(days * DAY))
    }
}

with_all! {
    /// How many users a link lets in.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub enum MaxUses {
        One,
        #[default]
        Ten,
        Hundred,
        Any,
    }
}

impl MaxUses {
    /// The code in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Ten => "10",
            Self::Hundred => "100",
            Self::Any => "any",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|uses| uses.code() == code)
    }

    /// None without a limit.
    #[must_use]
    pub const fn most(self) -> Option<u32> {
        match self {
            Self::One => Some(1),
            Self::Ten => Some(10),
            Self::Hundred => Some(100),
            Self::Any => None,
        }
    }
}

/// A valid link, as the users see it who may revoke it. The server stores no secret of a link, only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationLink {
    pub id: InvitationLinkId,
    /// The user who made it.
    pub by: DisplayName,
    pub expires_at: Millis,
    /// How many users it has let in.
    pub uses: u32,
    /// None without a limit.
    pub max_uses: Option<u32>,
}

/// A link with its secret, as its own page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedInviteLink {
    pub room: RoomId,
    pub title: RoomTitle,
    pub token: SecretToken,
    pub link: InvitationLink,
}

/// What the page of a link shows to the user who opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitePreview {
    pub token: SecretToken,
    /// The user who made the link.
    pub by: DisplayName,
    pub room: RoomId,
    pub title: RoomTitle,
    pub description: Description,
    pub avatar: Option<AvatarId>,
    /// The number of members.
    pub members: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_is_read_as_it_was_minted(bytes: [u8; TOKEN_BYTES]) {
            let token = SecretToken::from_random(bytes);
            prop_assert_eq!(SecretToken::parse(token.as_str()), Ok(token.clone()));
            let shown = format!("{token:?}");
            prop_assert!(!shown.contains(token.as_str()));
        }

        #[test]
        fn nothing_else_is_a_token(raw in "\\PC{0,40}") {
            let is_one = raw.len() == 32 && raw.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
            prop_assert_eq!(SecretToken::parse(&raw).is_ok(), is_one);
        }
    }

    #[test]
    fn choices_are_read_as_they_are_written() {
        for lifetime in ExpiresAfter::ALL {
            assert_eq!(ExpiresAfter::from_code(lifetime.code()), Some(lifetime));
            let days: i64 = lifetime.code().parse().unwrap();
            assert_eq!(lifetime.from(Millis(5)), Millis(5 + days * 86_400_000));
        }
        for uses in MaxUses::ALL {
            assert_eq!(MaxUses::from_code(uses.code()), Some(uses));
            assert_eq!(uses.most(), uses.code().parse().ok());
        }
        assert_eq!(ExpiresAfter::from_code("365"), None);
        assert_eq!(MaxUses::from_code("0"), None);
    }
}
