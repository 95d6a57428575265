//! Passwords: which may be chosen. On the server alone.

use crate::text::{ValidationError, compose, within};
use std::fmt;

/// The fewest characters in a password.
pub const MIN_PASSWORD_CHARS: u32 = 8;
/// The most characters in a password: long enough for any phrase, short enough to hash.
pub const MAX_PASSWORD_CHARS: u32 = 256;
/// Beside the user's own name and address a password needs more letters and digits than this: a year or 1234
/// would not make it harder to guess.
const MAX_BESIDE_OWN: usize = 4;

/// A password as typed, for as long as it takes to hash it. `Debug` is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Composed (NFC), so that a Korean phrase typed on two systems is one password.
    ///
    /// # Errors
    /// [`ValidationError`] when it is too short, too long or too common.
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        let password = compose(raw);
        if password.is_empty() {
            return Err(ValidationError::Empty);
        }
        if password.chars().count() < MIN_PASSWORD_CHARS as usize {
            return Err(ValidationError::TooShort { least: MIN_PASSWORD_CHARS });
        }
        within(&password, MAX_PASSWORD_CHARS)?;
        if is_common(&password.to_lowercase()) {
            return Err(ValidationError::Common);
        }
        Ok(Self(password))
    }

    /// The same password, if it is more than the user's own names and addresses with a few characters added.
    ///
    /// # Errors
    /// [`ValidationError::Personal`].
    pub fn unlike<'a>(
        self,
        own: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ValidationError> {
        let mut words: Vec<String> = own.into_iter().flat_map(own_words).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let mut left = letters(&self.0);
        for word in &words {
            // The text on both sides of a word must not form another one.
            left = left.replace(word.as_str(), " ");
        }
        let left = left.chars().filter(|c| *c != ' ').count();
        let is_own = left <= MAX_BESIDE_OWN && left < letters(&self.0).chars().count();
        if is_own { Err(ValidationError::Personal) } else { Ok(self) }
    }

    /// A password given at sign-in. Only the upper bound applies, so that a later change of the rules locks no
    /// user out.
    ///
    /// # Errors
    /// [`ValidationError::Empty`] or [`ValidationError::TooLong`].
    pub fn for_login(raw: &str) -> Result<Self, ValidationError> {
        let password = compose(raw);
        if password.is_empty() {
            return Err(ValidationError::Empty);
        }
        within(&password, MAX_PASSWORD_CHARS)?;
        Ok(Self(password))
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The words of a name or an address: itself, and its parts, except the last label of the domain. Short words
/// of Latin letters are left out: they are too common in phrases.
fn own_words(own: &str) -> Vec<String> {
    let own = own.trim();
    let parts = match own.rsplit_once('@') {
        Some((local, domain)) => {
            vec![own, local, domain, domain.rsplit_once('.').map_or(domain, |(name, _)| name)]
        }
        None => vec![own],
    };
    let words = parts.iter().flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    let words: Vec<_> = parts.iter().copied().chain(words).map(letters).collect();
    let given = words.iter().filter_map(|word| given_name(word)).map(str::to_owned);
    let words: Vec<_> = given.chain(words.iter().cloned()).collect();
    words.into_iter().filter(|word| word.len() >= 3 && word.chars().nth(1).is_some()).collect()
}

/// The last two syllables of a Korean name.
fn given_name(word: &str) -> Option<&str> {
    let is_korean = word.chars().all(|c| matches!(c, '가'..='힣'));
    let (second_last, _) = word.char_indices().rev().nth(1)?;
    word.get(second_last..).filter(|_| is_korean)
}

/// Its letters and digits in lower case.
fn letters(text: &str) -> String {
    compose(text).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The passwords that guessing starts with, one a line, in lower case, sorted by their bytes; those of fewer
/// than eight characters are left out, since they are refused anyway.
static COMMON: &str = include_str!("common_passwords.txt");

fn is_common(lowercase: &str) -> bool {
    let one_character = |first: char| lowercase.chars().all(|c| c == first);
    lowercase.chars().next().is_some_and(one_character)
        || COMMON.lines().any(|line| line == lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn passwords_keep_their_bounds(raw in any::<String>()) {
            let length = compose(&raw).chars().count();
            prop_assert!(Password::parse(&raw).is_err() || (8..=256).contains(&length));
        }

        #[test]
        fn only_the_own_name_or_address_is_refused_for_being_so(raw in "[a-z가-힣0-9 ]{8,40}") {
            prop_assume!(letters(&raw).len() >= 3 && letters(&raw).chars().nth(1).is_some());
            if let Ok(password) = Password::parse(&raw) {
                prop_assert_eq!(password.clone().unlike(["Ŵynn"]), Ok(password.clone()));
                prop_assert_eq!(password.clone().unlike([raw.as_str()]), Err(ValidationError::Personal));
                prop_assert_eq!(password.unlike([]).map(|_| ()), Ok(()));
            }
        }
    }

    fn common() -> impl Iterator<Item = &'static str> {
        COMMON.lines().filter(|line| !line.starts_with("# "))
    }

    #[test]
    fn the_list_is_long_and_each_of_it_is_refused() {
        assert!(common().count() >= 10_000);
        assert!(
            common().all(|line| line == compose(line).to_lowercase() && line.chars().count() >= 8)
        );
        for line in common().step_by(97) {
            assert_eq!(Password::parse(line), Err(ValidationError::Common), "{line}");
            assert_eq!(
                Password::parse(&line.to_uppercase()),
                Err(ValidationError::Common),
                "{line}"
            );
        }
    }

    #[test]
    fn common_passwords_are_refused() {
        for common in [
            "password",
            "PassWord1",
            "12345678",
            "qwertyuiop",
            "aaaaaaaaaa",
            "가가가가가가가가",
            "dkssudgktpdy",
            "1q2w3e4r5t",
            "liverpool1",
            "trustno1",
            "charlie1",
            "sunshine1",
        ] {
            assert_eq!(Password::parse(common), Err(ValidationError::Common), "{common}");
        }
        for fine in ["따뜻한 온돌방의 밤", "correct horse battery", "뒷산 소나무 세 그루"]
        {
            assert!(Password::parse(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn the_own_name_and_address_are_refused() {
        let own = ["홍길동", "gildong.hong+family@sarangbang.example"];
        for personal in [
            "홍길동홍길동홍길동",
            "홍 길동 홍 길동!!",
            "홍길동1234!",
            "길동홍길동2026",
            "gildong.hong",
            "GildongHong1!",
            "gildong2026",
            "hong-gildong",
            "gildong.hong+family",
            "gildong.hong+family@sarangbang.example",
            "sarangbang!",
            "Sarangbang2026",
            "\u{1112}\u{1169}\u{11BC}길동홍길동123",
        ] {
            let password = Password::parse(personal).unwrap();
            assert_eq!(password.unlike(own), Err(ValidationError::Personal), "{personal}");
        }
        for fine in
            ["홍길동은 율도국으로 갔다", "gildong eats kimchi", "따뜻한 온돌방의 밤", "!!!!!!!!!?"]
        {
            let password = Password::parse(fine).unwrap();
            assert!(password.unlike(own).is_ok(), "{fine}");
        }
        for own in ["", "@", "  ", "준", "Al"] {
            let password = Password::parse("Al준!!!!!!!").unwrap();
            assert!(password.unlike([own]).is_ok(), "{own}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let password = Password::parse("a long enough one").unwrap();
        assert!(!format!("{password:?}").contains("long"));
    }
}
