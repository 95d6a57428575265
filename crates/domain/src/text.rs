//! The checks that every text from a user passes before it becomes a typed value.

use serde::{Deserialize, Serialize};
use std::fmt::{self, Write as _};
use unicode_normalization::UnicodeNormalization;

/// Why a text was refused. The caller knows which field it was. In JSON it is a code and a number: what serde
/// makes of variants with fields would be much more WASM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(String, u32)", into = "(String, u32)")]
pub enum ValidationError {
    /// No visible characters.
    Empty,
    /// Fewer characters than required.
    TooShort { least: u32 },
    /// More characters than allowed.
    TooLong { most: u32 },
    /// Line breaks, control characters or direction overrides in a text that must be one plain line.
    Control,
    /// Not of the form that the field requires: an address without @, an id that is none.
    InvalidFormat,
    /// What cannot be undone was asked for without the tick that says so.
    NotConfirmed,
    /// A password on every attacker's list.
    Common,
    /// A password that is little more than the user's own name or address.
    Personal,
}

impl ValidationError {
    const fn code(self) -> (&'static str, u32) {
        match self {
            Self::Empty => ("empty", 0),
            Self::TooShort { least } => ("short", least),
            Self::TooLong { most } => ("long", most),
            Self::Control => ("control", 0),
            Self::InvalidFormat => ("invalid_format", 0),
            Self::NotConfirmed => ("not_confirmed", 0),
            Self::Common => ("common", 0),
            Self::Personal => ("personal", 0),
        }
    }
}

/// For logs: users read the sentences of their language.
impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().0)
    }
}

impl std::error::Error for ValidationError {}

impl From<ValidationError> for (String, u32) {
    fn from(error: ValidationError) -> Self {
        let (code, number) = error.code();
        (code.to_owned(), number)
    }
}

impl TryFrom<(String, u32)> for ValidationError {
    type Error = Self;

    fn try_from((code, number): (String, u32)) -> Result<Self, Self> {
        Ok(match code.as_str() {
            "empty" => Self::Empty,
            "short" => Self::TooShort { least: number },
            "long" => Self::TooLong { most: number },
            "control" => Self::Control,
            "invalid_format" => Self::InvalidFormat,
            "not_confirmed" => Self::NotConfirmed,
            "common" => Self::Common,
            "personal" => Self::Personal,
            _ => return Err(Self::InvalidFormat),
        })
    }
}

/// Composes text (NFC): macOS sends Hangul as separate jamo, and 한 typed on one machine must be the same 한
/// typed on another.
#[must_use]
pub fn compose(raw: &str) -> String {
    raw.nfc().collect()
}

/// One visible line of `1..=most` characters (Unicode scalar values), trimmed.
///
/// # Errors
/// [`ValidationError::Control`], [`ValidationError::Empty`] or [`ValidationError::TooLong`].
pub fn one_line(raw: &str, most: u32) -> Result<String, ValidationError> {
    let line = raw.trim();
    if line.chars().any(|c| c.is_control() || turns_around(c) || breaks_line(c)) {
        return Err(ValidationError::Control);
    }
    if !line.chars().any(names) {
        return Err(ValidationError::Empty);
    }
    within(line, most)?;
    Ok(line.to_owned())
}

/// A text as typed, except for what is invisible: line ends become `\n`, other control characters are removed,
/// and so are empty lines at the beginning and white space at the end.
#[must_use]
pub fn paragraphs(raw: &str) -> String {
    let mut kept = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    while let Some(c) = characters.next() {
        if breaks_line(c) {
            if c == '\r' {
                let _ = characters.next_if_eq(&'\n');
            }
            kept.push('\n');
        } else if c == '\t' || !c.is_control() {
            kept.push(c);
        }
    }
    kept.trim_start_matches('\n').trim_end().to_owned()
}

/// What ends a line or a paragraph (Unicode, UAX #14 and bidirectional class B): line feed, vertical tab, form
/// feed, carriage return, the three separators above a unit, NEL, U+2028 and U+2029.
const fn breaks_line(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// # Errors
/// [`ValidationError::TooLong`] when there are more than `most` characters.
pub fn within(text: &str, most: u32) -> Result<(), ValidationError> {
    if text.chars().nth(most as usize).is_some() {
        return Err(ValidationError::TooLong { most });
    }
    Ok(())
}

/// Embeddings, overrides and isolates change the direction of the text around them; in a name they only serve
/// to imitate another name.
const fn turns_around(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether it is written, or makes its neighbours be written, from right to left.
const fn goes_left(c: char) -> bool {
    turns_around(c)
        || matches!(
            c,
            '\u{590}'..='\u{8FF}' | '\u{200F}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
                | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}'
        )
}

/// A name, a title or a query, for use within a sentence: one that goes from right to left is isolated (UAX #9,
/// FSI and PDI), so that the words around it stay in their order. The sentences of the catalogues take names in
/// this form only.
#[derive(Debug, Clone, Copy)]
pub struct Isolated<'a>(pub &'a str);

impl fmt::Display for Isolated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains(goes_left) {
            return f.write_str(self.0);
        }
        f.write_str("\u{2068}")?;
        for c in self.0.chars().filter(|c| !turns_around(*c)) {
            f.write_char(c)?;
        }
        f.write_str("\u{2069}")
    }
}

/// False for white space and for invisible characters, such as the Hangul fillers of which blank names are
/// made.
#[must_use]
pub fn is_visible(c: char) -> bool {
    let draws_nothing = matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
    );
    !c.is_whitespace() && !c.is_control() && !draws_nothing
}

/// Whether a name may consist of it alone. Beyond what is invisible anyway these render nothing by themselves:
/// noncharacters, controls of annotations, hieroglyphs, shorthand and music, and placeholders. A message may
/// consist of them: earlier versions have stored such.
#[must_use]
pub fn names(c: char) -> bool {
    let holds_a_place = matches!(
        c,
        '\u{FDD0}'..='\u{FDEF}' | '\u{FFF0}'..='\u{FFFC}' | '\u{1107F}' | '\u{13430}'..='\u{1345F}'
            | '\u{16FE4}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D159}'
            | '\u{1D173}'..='\u{1D17A}'
    );
    // The last two of each plane are no characters.
    is_visible(c) && !holds_a_place && u32::from(c) & 0xFFFE != 0xFFFE
}

/// Declares a newtype over `String` that only its `parse` can make, from JSON too.
macro_rules! parsed_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::text::ValidationError;
            fn try_from(raw: String) -> Result<Self, Self::Error> {
                Self::parse(&raw)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use parsed_text;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_line_is_what_it_says(raw in any::<String>(), most in 1u32..90) {
            if let Ok(line) = one_line(&raw, most) {
                prop_assert!(line.chars().count() <= most as usize);
                prop_assert!(line.chars().any(names));
                prop_assert!(!line.chars().any(char::is_control));
                prop_assert_eq!(one_line(&line, most), Ok(line));
            }
        }
    }

    #[test]
    fn blank_looking_names_are_empty() {
        for blank in [
            "",
            "   ",
            "\u{3164}",
            "\u{200B}\u{2800}",
            "\u{FFA0} \u{115F}",
            "\u{1D159}",
            "\u{FFF9}",
            "\u{FFFA}\u{FFFB}",
            "\u{FFFC}",
            "\u{1D173}\u{1D17A}",
            "\u{1BCA0}",
            "\u{13430}",
            "\u{16FE4}",
            "\u{E0001}\u{E007F}",
            "\u{2065}",
            "\u{FFFF}",
            "\u{FDD0}",
            "\u{1FFFE}",
            "\u{10FFFF}",
            "\u{1107F}",
            "\u{180E}\u{FE0F}",
        ] {
            assert_eq!(one_line(blank, 40), Err(ValidationError::Empty), "{blank:?}");
        }
        for visible in ["민지", "👩\u{200D}👧", "𝅘𝅥𝅮", "\u{FFFD}", "𓀀", "مينجي", "한\u{200B}"]
        {
            assert!(one_line(visible, 40).is_ok(), "{visible:?}");
        }
        for odd in ["민\u{202E}지", "\u{2068}민지", "민\u{2028}지", "민\u{B}지", "민\u{85}지"]
        {
            assert_eq!(one_line(odd, 40), Err(ValidationError::Control), "{odd:?}");
        }
    }

    #[test]
    fn whatever_ends_a_line_is_a_line_break() {
        for end in [
            "\n", "\r", "\r\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}", "\u{1C}",
            "\u{1D}", "\u{1E}",
        ] {
            assert_eq!(
                paragraphs(&format!("{end}내일{end}만나요{end}")),
                "내일\n만나요",
                "{end:?}"
            );
        }
        assert_eq!(paragraphs("내일\r\n\r\n만\u{0}나\u{7F}요\t그래"), "내일\n\n만나요\t그래");
        assert_eq!(paragraphs("가\n\r나"), "가\n\n나");
    }

    #[test]
    fn a_name_from_right_to_left_leaves_the_sentence_around_it_alone() {
        for plain in ["민지", "Minji", "Минджи", "ミンジ", "民智", "김 2세!", "👩‍👧", ""]
        {
            assert_eq!(Isolated(plain).to_string(), plain);
        }
        for (name, kept) in [
            ("שלום", "שלום"),
            ("مينجي", "مينجي"),
            ("(مينجي)", "(مينجي)"),
            ("Minji\u{200F}", "Minji\u{200F}"),
            ("민지\u{61C}", "민지\u{61C}"),
            ("𐤀𐤁", "𐤀𐤁"),
            ("𞤀", "𞤀"),
            ("\u{202E}민지", "민지"),
            ("민지\u{2069}\u{202E}", "민지"),
        ] {
            assert_eq!(Isolated(name).to_string(), format!("\u{2068}{kept}\u{2069}"), "{name:?}");
        }
    }

    #[test]
    fn a_validation_error_survives_json() {
        for error in [
            ValidationError::Empty,
            ValidationError::TooShort { least: 8 },
            ValidationError::TooLong { most: 4_000 },
            ValidationError::Control,
            ValidationError::InvalidFormat,
            ValidationError::NotConfirmed,
            ValidationError::Common,
            ValidationError::Personal,
        ] {
            let json = serde_json::to_string(&error).unwrap();
            assert_eq!(serde_json::from_str::<ValidationError>(&json).unwrap(), error, "{json}");
        }
        assert!(serde_json::from_str::<ValidationError>(r#"["nothing", 0]"#).is_err());
    }

    #[test]
    fn loose_jamo_are_composed() {
        assert_eq!(compose("\u{1112}\u{1161}\u{11AB}"), "한");
    }
}
