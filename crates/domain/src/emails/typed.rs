//! Parsing an address as typed. On the server alone.

use super::Email;
use crate::text::{ValidationError, compose, names};
use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};

/// The most bytes in an e-mail address (RFC 5321, 4.5.3.1.3).
const MAX_EMAIL: usize = 254;
/// The most bytes that are read at all: invisible characters are removed first, and punycode takes more than
/// linear time.
const MAX_TYPED: usize = 4 * MAX_EMAIL;

impl Email {
    /// Accepts any address that could be delivered to; whether it exists is not checked.
    ///
    /// # Errors
    /// [`ValidationError::Empty`] or [`ValidationError::InvalidFormat`].
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        if raw.len() > MAX_TYPED {
            return Err(ValidationError::InvalidFormat);
        }
        let drawn = |c: &char| names(*c) || c.is_whitespace() || c.is_control();
        let plain: String = raw.chars().filter(drawn).map(narrow).collect();
        let address = lower_case(&plain);
        let (local, domain) = parts(&address)?;
        let address = format!("{local}@{}", in_its_own_script(domain)?);
        if address.len() > MAX_EMAIL {
            return Err(ValidationError::InvalidFormat);
        }
        Ok(Self(address))
    }
}

/// An address as typed by a user who has an account. The account may have it in the form of an earlier version,
/// in which the same address could be written in several ways and belong to several accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedEmail {
    /// The form of that version: composed and in lower case, and otherwise as typed.
    spelled: String,
    email: Option<Email>,
}

impl TypedEmail {
    /// # Errors
    /// [`ValidationError::Empty`] or [`ValidationError::InvalidFormat`], when no account can have it.
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        if raw.len() > MAX_TYPED {
            return Err(ValidationError::InvalidFormat);
        }
        let (spelled, email) = (lower_case(raw), Email::parse(raw));
        match parts(&spelled) {
            Err(error) if email.is_err() => Err(error),
            _ => Ok(Self { spelled, email: email.ok() }),
        }
    }

    #[must_use]
    pub fn spelled(&self) -> &str {
        &self.spelled
    }

    #[must_use]
    pub const fn email(&self) -> Option<&Email> {
        self.email.as_ref()
    }

    /// The key by which attempts on an account are counted: the same for every spelling of its address.
    #[must_use]
    pub fn key(&self) -> &str {
        self.email.as_ref().map_or(&self.spelled, Email::as_str)
    }
}

impl From<&Email> for TypedEmail {
    fn from(email: &Email) -> Self {
        Self { spelled: email.as_str().to_owned(), email: Some(email.clone()) }
    }
}

fn lower_case(raw: &str) -> String {
    compose(&compose(raw.trim()).to_lowercase())
}

/// What is before and after the @.
fn parts(address: &str) -> Result<(&str, &str), ValidationError> {
    if address.is_empty() {
        return Err(ValidationError::Empty);
    }
    let (local, domain) = address.rsplit_once('@').ok_or(ValidationError::InvalidFormat)?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | ',' | '<' | '>');
    let labels_ok = domain.split('.').all(|label| !label.is_empty());
    let is_odd = local.contains(odd) || domain.contains(odd) || address.contains("..");
    let complete = !local.is_empty() && labels_ok && !is_odd;
    complete.then_some((local, domain)).ok_or(ValidationError::InvalidFormat)
}

/// Full-width letters and signs, which East Asian keyboards type, as the ASCII ones.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '。' | '｡' => '.',
        c => c,
    }
}

/// A domain mapped by UTS #46: browsers send `xn--3e0b707e.kr` for 한국.kr.
fn in_its_own_script(domain: &str) -> Result<String, ValidationError> {
    let (rules, deny) = (Uts46::new(), AsciiDenyList::URL);
    let ascii = rules.to_ascii(domain.as_bytes(), deny, Hyphens::Allow, DnsLength::Verify);
    let ascii = ascii.map_err(|_| ValidationError::InvalidFormat)?;
    let (domain, valid) = rules.to_unicode(ascii.as_bytes(), deny, Hyphens::Allow);
    valid.map_err(|_| ValidationError::InvalidFormat).map(|()| domain.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(raw: &str) -> String {
        Email::parse(raw).map(|email| email.as_str().to_owned()).unwrap_or_default()
    }

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
        fn no_address_panics_and_each_is_read_as_it_is_shown(raw in prop_oneof![
            any::<String>(),
            "[a-zA-Zａ-ｚ가-힣ß\u{200B}]{1,9}[@＠]([a-z가-힣Ａ-Ｚ一-龠ぁ-んא-ת]{1,9}[.。．]){0,3}(kr|한국|xn--3e0b707e|КОМ)",
        ]) {
            if let Ok(email) = Email::parse(&raw) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                let typed = TypedEmail::parse(&raw).unwrap();
                prop_assert_eq!(typed.key(), email.as_str());
            }
        }
    }

    #[test]
    fn one_address_however_it_is_written() {
        for (address, ways) in [
            (
                "minji@한국.kr",
                &[
                    "minji@xn--3e0b707e.kr",
                    "MINJI@XN--3E0B707E.KR",
                    "minji@한국。kr",
                    "minji@한국．ｋｒ",
                    "ｍｉｎｊｉ＠한국.kr",
                    "minji@\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}.kr",
                    "min\u{200B}ji@한\u{AD}국.kr",
                    "\u{FEFF}minji@한국.kr\u{200E}",
                    "  minji@한국.kr\u{200B} ",
                ][..],
            ),
            (
                "minji@example.com",
                &[
                    "Minji@Example.COM",
                    "minji\u{AD}@example.com",
                    "minji@exam\u{200B}ple.com",
                    "minji@ex\u{2060}ample.com",
                    "ｍinji@ｅｘａｍｐｌｅ．ｃｏｍ",
                    "minji@example｡com",
                    "\u{202E}minji@example.com",
                    "minji\u{FE0F}@example.com",
                    "m\u{3164}inji@example.com",
                ],
            ),
            ("민지@사랑방.한국", &["민지@xn--9i2b40g7se.xn--3e0b707e", "민지@사랑방。한국"]),
            ("a@straße.de", &["a@xn--strae-oqa.de", "A@STRAßE.DE"]),
            (
                "a@bücher.example",
                &["a@BÜCHER.example", "a@xn--bcher-kva.example", "a@bu\u{308}cher.example"],
            ),
        ] {
            assert_eq!(read(address), address);
            for way in ways {
                assert_eq!(read(way), address, "{way:?}");
                assert_eq!(TypedEmail::parse(way).unwrap().key(), address, "{way:?}");
            }
        }
    }

    #[test]
    fn odd_addresses_are_refused() {
        for odd in [
            "minji",
            "@example.com",
            "minji@",
            "a b@example.com",
            "a@b@c.com",
            "a@b..c",
            "a@.com",
            "a@example.com.",
            "a\n@example.com",
            "a@exa mple.com",
            "a@xn--a.com",
            "a@b/c.com",
            "a@[1.2.3.4]",
            "\u{200B}@example.com",
            "a@\u{200B}.com",
            "a@b\u{3000}c.com",
            "a@한国\u{0378}.kr",
        ] {
            assert_eq!(Email::parse(odd), Err(ValidationError::InvalidFormat), "{odd:?}");
        }
        for empty in ["", "  ", "\u{200B}"] {
            assert_eq!(Email::parse(empty), Err(ValidationError::Empty), "{empty:?}");
        }
        for long in [
            format!("{}@example.com", "a".repeat(250)),
            format!("a@{}.com", "b".repeat(64)),
            "가".repeat(900),
        ] {
            assert_eq!(Email::parse(&long), Err(ValidationError::InvalidFormat), "{long}");
        }
    }

    #[test]
    fn an_address_of_an_earlier_version_is_still_read_at_sign_in() {
        for (typed, spelled) in [
            (" Min\u{200B}ji@example.com", "min\u{200B}ji@example.com"),
            ("minji@XN--3E0B707E.kr", "minji@xn--3e0b707e.kr"),
            ("a@[1.2.3.4]", "a@[1.2.3.4]"),
        ] {
            assert_eq!(TypedEmail::parse(typed).unwrap().spelled(), spelled);
        }
        assert_eq!(TypedEmail::parse("minji"), Err(ValidationError::InvalidFormat));
        assert_eq!(TypedEmail::parse(" "), Err(ValidationError::Empty));
    }

    #[test]
    fn a_name_made_from_an_address_has_no_tag() {
        for (address, name) in [
            ("minji@example.com", "minji"),
            ("minji+family@example.com", "minji"),
            ("minji.kim+sarangbang+2@example.com", "minji.kim"),
            ("ｍｉｎｊｉ＋ｆａｍｉｌｙ@example.com", "minji"),
            ("민지+가족@한국.kr", "민지"),
            ("+family@example.com", "family"),
            ("+@example.com", "+"),
        ] {
            let email = Email::parse(address).unwrap();
            assert_eq!(email.name().unwrap().as_str(), name, "{address}");
        }
    }
}
