//! Messages: their text, their place in a room, the number of their latest change.

use crate::{
    clock::Millis,
    ids::{ClientId, MessageId, UserId},
    text::{ValidationError, is_visible, paragraphs, parsed_text, within},
};
use serde::{Deserialize, Serialize};

/// The most characters in a message.
pub const MAX_TEXT_CHARS: u32 = 4_000;

/// A message's place in its room for ever: the number of the room's counter at which it was posted.
/// A place, not a count: joins take numbers too.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub i64);

/// A position in a room's change feed: the room's counter, which every change takes the next of.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rev(pub i64);

impl From<Seq> for Rev {
    fn from(seq: Seq) -> Self {
        Self(seq.0)
    }
}

parsed_text!(
    /// A message's text: 1 to 4,000 characters, line breaks kept.
    MessageText
);

impl MessageText {
    /// Keeps the text as typed, except for invisible characters at its ends and control characters.
    ///
    /// # Errors
    /// [`ValidationError::Empty`] or [`ValidationError::TooLong`].
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        let text = paragraphs(raw);
        if !text.chars().any(is_visible) {
            return Err(ValidationError::Empty);
        }
        within(&text, MAX_TEXT_CHARS)?;
        Ok(Self(text))
    }

    /// The text on one line, for a list.
    #[must_use]
    pub fn preview(&self) -> String {
        let mut line = String::new();
        for word in self.0.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        line.chars().take(120).collect()
    }
}

/// A message that is submitted. Sent again with the same client id, it is the same message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessage {
    pub client_id: ClientId,
    pub text: MessageText,
}

/// A stored message in its present state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    /// The id that the author's client gave it.
    pub client_id: ClientId,
    pub author: UserId,
    pub text: MessageText,
    /// When the server stored it, UTC milliseconds. For display only: the order is by `seq`.
    pub at: Millis,
    pub seq: Seq,
    pub rev: Rev,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(raw in any::<String>()) {
            if let Ok(text) = MessageText::parse(&raw) {
                prop_assert_eq!(MessageText::parse(text.as_str()), Ok(text.clone()));
                let json = serde_json::to_string(&text).unwrap();
                prop_assert_eq!(serde_json::from_str::<MessageText>(&json).unwrap(), text);
            }
        }

        #[test]
        fn visible_text_is_kept_as_typed(raw in "[가-힣a-zA-Z<>&\"'؀-ۿ😀-🙏]{1,200}") {
            let text = MessageText::parse(&raw).unwrap();
            prop_assert_eq!(text.as_str(), raw.as_str());
        }

        #[test]
        fn line_breaks_are_kept(lines in proptest::collection::vec("[가-힣a-z]{1,9}", 1..9)) {
            for end in ["\r\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"] {
                let text = MessageText::parse(&lines.join(end)).unwrap();
                prop_assert_eq!(text.as_str(), lines.join("\n"));
                prop_assert_eq!(text.preview(), lines.join(" "));
            }
        }
    }

    #[test]
    fn the_bounds_are_exact() {
        assert!(MessageText::parse(&"가".repeat(4_000)).is_ok());
        let longer = MessageText::parse(&"가".repeat(4_001));
        assert_eq!(longer, Err(ValidationError::TooLong { most: 4_000 }));
        assert_eq!(MessageText::parse(" \n\u{3164}\u{200B}"), Err(ValidationError::Empty));
        assert_eq!(MessageText::parse("\n\n  indented\n\n").unwrap().as_str(), "  indented");
    }
}
