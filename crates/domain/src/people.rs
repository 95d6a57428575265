//! People: how they are called, how they sign in.

use crate::{
    ids::{PersonId, PictureId, RoomId},
    profiles::Profile,
    rooms::RoomTitle,
    text::{Fault, compose, one_line, parsed_text, within},
};
use serde::{Deserialize, Serialize};

/// The most characters in a name.
pub const NAME_MOST: u32 = 40;
/// The least characters in a password.
pub const PASSWORD_LEAST: u32 = 8;
/// The most characters in a password: long enough for any phrase, short enough to hash.
pub const PASSWORD_MOST: u32 = 256;
/// The most bytes in an e-mail address (RFC 5321, 4.5.3.1.3).
const EMAIL_MOST: usize = 254;

parsed_text!(
    /// How a person is called in the rooms: one visible line of 1 to 40 characters.
    DisplayName
);

impl DisplayName {
    /// # Errors
    /// [`Fault`] when it is empty, too long or not one plain line.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        one_line(raw, NAME_MOST).map(Self)
    }
}

/// An e-mail address in the form in which addresses are compared: composed and in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Accepts what could be delivered to; only a letter sent there proves more.
    ///
    /// # Errors
    /// [`Fault::Empty`] or [`Fault::Form`].
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let address = compose(&compose(raw.trim()).to_lowercase());
        if address.is_empty() {
            return Err(Fault::Empty);
        }
        let (local, domain) = address.rsplit_once('@').ok_or(Fault::Form)?;
        let odd =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | ',' | '<' | '>');
        let labels_ok = domain.split('.').all(|label| !label.is_empty());
        if local.is_empty() || !labels_ok || address.len() > EMAIL_MOST || address.contains("..") {
            return Err(Fault::Form);
        }
        if local.contains(odd) || domain.contains(odd) {
            return Err(Fault::Form);
        }
        Ok(Self(address))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How whoever has it could be called until they say: what stands before the @.
    ///
    /// # Errors
    /// [`Fault`] when that is no name.
    pub fn name(&self) -> Result<DisplayName, Fault> {
        let local = self.0.rsplit_once('@').map_or("", |(local, _)| local);
        DisplayName::parse(&local.chars().take(NAME_MOST as usize).collect::<String>())
    }
}

/// A password as typed, for as long as it takes to hash it. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Composed, so that a Korean phrase typed on two systems is one password.
    ///
    /// # Errors
    /// [`Fault`] when it is too short, too long or too common.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let password = compose(raw);
        if password.is_empty() {
            return Err(Fault::Empty);
        }
        if password.chars().count() < PASSWORD_LEAST as usize {
            return Err(Fault::TooShort { least: PASSWORD_LEAST });
        }
        within(&password, PASSWORD_MOST)?;
        if is_common(&password.to_lowercase()) {
            return Err(Fault::Common);
        }
        Ok(Self(password))
    }

    /// What somebody claims to be their password at sign-in: no rule but the upper bound, so that
    /// a rule which changes later locks nobody out.
    ///
    /// # Errors
    /// [`Fault::Empty`] or [`Fault::TooLong`].
    pub fn claimed(raw: &str) -> Result<Self, Fault> {
        let password = compose(raw);
        if password.is_empty() {
            return Err(Fault::Empty);
        }
        within(&password, PASSWORD_MOST)?;
        Ok(Self(password))
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The passwords that guessing starts with, one a line, in lower case; those of fewer than eight
/// characters are left out, since they are refused anyway.
static COMMON: &str = include_str!("common_passwords.txt");

fn is_common(lowercase: &str) -> bool {
    let one_character = |first: char| lowercase.chars().all(|c| c == first);
    lowercase.chars().next().is_some_and(one_character)
        || COMMON.lines().any(|line| line == lowercase)
}

/// Who is looking, as the page itself needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub id: PersonId,
    pub name: DisplayName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
}

/// The most people on one page of the directory.
pub const DIRECTORY_PAGE: usize = 60;

/// A person as everybody here sees them: by their default profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    pub person: PersonId,
    pub name: DisplayName,
    pub picture: Option<PictureId>,
}

/// A page of the people who were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// What they were looked for by, as typed; nothing finds everybody.
    pub query: String,
    pub people: Vec<Face>,
    /// How many were found, on all pages.
    pub found: usize,
    /// From 1.
    pub page: usize,
    pub pages: usize,
}

/// What one person sees of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub face: Face,
    /// The rooms that both are in.
    pub rooms: Vec<(RoomId, RoomTitle)>,
    /// All of one's own profiles; of others none.
    pub own: Option<Vec<Profile>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn addresses_compare_without_case(local in "[a-zA-Z0-9._-]{1,20}", domain in "[a-zA-Z]{1,9}\\.[a-z]{2,3}") {
            let raw = format!("{local}@{domain}");
            let lower = Email::parse(&raw.to_lowercase());
            prop_assert_eq!(Email::parse(&raw.to_uppercase()), lower.clone());
            if let Ok(email) = lower {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }

        #[test]
        fn no_address_panics(raw in any::<String>()) {
            if let Ok(email) = Email::parse(&raw) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }

        #[test]
        fn a_name_survives_json(raw in any::<String>()) {
            if let Ok(name) = DisplayName::parse(&raw) {
                let json = serde_json::to_string(&name).unwrap();
                prop_assert_eq!(serde_json::from_str::<DisplayName>(&json).unwrap(), name);
            }
        }

        #[test]
        fn passwords_keep_their_bounds(raw in any::<String>()) {
            let length = compose(&raw).chars().count();
            prop_assert!(Password::parse(&raw).is_err() || (8..=256).contains(&length));
        }
    }

    #[test]
    fn odd_addresses_are_refused() {
        for odd in
            ["minji", "@example.com", "minji@", "a b@example.com", "a@b@c.com", "a@b..c", "a@.com"]
        {
            assert_eq!(Email::parse(odd), Err(Fault::Form), "{odd}");
        }
        assert_eq!(Email::parse("민지@한국.kr").unwrap().as_str(), "민지@한국.kr");
    }

    #[test]
    fn common_passwords_are_refused() {
        for common in ["password", "PassWord1", "12345678", "qwertyuiop", "aaaaaaaaaa"] {
            assert_eq!(Password::parse(common), Err(Fault::Common), "{common}");
        }
        assert!(Password::parse("따뜻한 온돌방의 밤").is_ok());
    }

    #[test]
    fn a_password_is_never_printed() {
        let password = Password::parse("a long enough one").unwrap();
        assert!(!format!("{password:?}").contains("long"));
    }

    #[test]
    fn json_cannot_bring_in_what_parse_refuses() {
        assert!(serde_json::from_str::<DisplayName>("\"\\u3164\"").is_err());
    }
}
