//! Rooms and who is in them.

use crate::{
    clock::Millis,
    ids::{PersonId, PictureId, RoomId},
    messages::{MessageText, Rev, Seq},
    people::DisplayName,
    text::{Fault, one_line, parsed_text},
    wire::Page,
};
use serde::{Deserialize, Serialize};

/// The most characters in a title.
pub const TITLE_MOST: u32 = 80;

parsed_text!(
    /// A room's title: one visible line of 1 to 80 characters.
    RoomTitle
);

impl RoomTitle {
    /// # Errors
    /// [`Fault`] when it is empty, too long or not one plain line.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        one_line(raw, TITLE_MOST).map(Self)
    }
}

/// A room's own row, as its members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub id: RoomId,
    pub title: RoomTitle,
    /// The number of its latest change in the room's feed.
    pub rev: Rev,
}

/// Somebody who has entered a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub person: PersonId,
    pub name: DisplayName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
    /// The number of its latest change in the room's feed.
    pub rev: Rev,
}

/// What a stranger sees of a room before entering it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    pub id: RoomId,
    pub title: RoomTitle,
    /// How many have entered.
    pub members: u64,
}

/// A line of the list of rooms that a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    pub id: RoomId,
    pub title: RoomTitle,
    pub last: Option<LastLine>,
    /// When something last happened there: the last line, else when the person entered.
    pub active_at: Millis,
    /// Lines of others since the person last read, counted to [`UNREAD_MOST`].
    pub unread: u32,
}

/// Unread lines are counted this far and then shown as "99+".
pub const UNREAD_MOST: u32 = 100;

/// The newest line of a room, as its summary shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastLine {
    pub seq: Seq,
    pub text: MessageText,
}

/// What somebody sees who opens a room's link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// They have not entered: the title and how many are inside.
    Door(Door),
    /// They are a member: a page of what was said.
    Inside(Page),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_title_is_one_line_of_80(raw in any::<String>()) {
            if let Ok(title) = RoomTitle::parse(&raw) {
                prop_assert!(title.as_str().chars().count() <= 80);
                prop_assert!(!title.as_str().contains(['\n', '\r', '\0']));
                prop_assert_eq!(RoomTitle::parse(title.as_str()), Ok(title.clone()));
                let json = serde_json::to_string(&title).unwrap();
                prop_assert_eq!(serde_json::from_str::<RoomTitle>(&json).unwrap(), title);
            }
        }

        #[test]
        fn any_80_letters_are_a_title(raw in "[가-힣a-z]{80}", more in "[가-힣]{1,9}") {
            let padded = format!("  {raw} ");
            prop_assert!(RoomTitle::parse(&padded).is_ok());
            let longer = format!("{raw}{more}");
            prop_assert_eq!(RoomTitle::parse(&longer), Err(Fault::TooLong { most: 80 }));
        }
    }
}
