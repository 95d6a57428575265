//! Which language a reader gets.

use super::{Words, en, ko};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", rename_all = "snake_case")]
pub enum Language {
    #[default]
    Ko,
    En,
}

impl From<String> for Language {
    fn from(code: String) -> Self {
        Self::from_code(&code).unwrap_or_default()
    }
}

impl Language {
    /// As in `lang` and in the cookie.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "ko" => Some(Self::Ko),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best match for an `Accept-Language` header (RFC 9110, 12.5.4); English for readers of
    /// neither, Korean when nothing is said.
    #[must_use]
    pub fn negotiate(header: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
            let quality: f32 = quality.unwrap_or(1.0);
            let language = tag.split('-').next().and_then(Self::from_code);
            if let Some(language) = language.filter(|_| quality > 0.0)
                && best.is_none_or(|(q, _)| quality > q)
            {
                best = Some((quality, language));
            }
        }
        let neither = if header.trim().is_empty() { Self::Ko } else { Self::En };
        best.map_or(neither, |(_, language)| language)
    }

    #[must_use]
    pub const fn words(self) -> &'static Words {
        match self {
            Self::Ko => &ko::WORDS,
            Self::En => &en::WORDS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_language_is_what_the_reader_prefers() {
        for (header, language) in [
            ("", Language::Ko),
            ("ko-KR,ko;q=0.9,en;q=0.8", Language::Ko),
            ("en-US,en;q=0.9,ko;q=0.8", Language::En),
            ("de, ko;q=0.5, en;q=0.4", Language::Ko),
            ("fr-FR,fr;q=0.9", Language::En),
            ("ko;q=0, en;q=0.1", Language::En),
            (";;;q=x,,", Language::En),
        ] {
            assert_eq!(Language::negotiate(header), language, "{header}");
        }
    }
}
