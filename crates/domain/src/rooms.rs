//! Rooms and who is in them.

use crate::{
    clock::Millis,
    ids::{AvatarId, RoomId, UserId},
    memberships::{Membership, Role},
    messages::{MessageText, Rev, Seq},
    pagination::Paginated,
    text::{ValidationError, one_line, paragraphs, parsed_text, within},
    users::DisplayName,
    wire::HistoryPage,
};
use serde::{Deserialize, Serialize};

/// The most characters in a title.
pub const MAX_TITLE_CHARS: u32 = 80;
/// The most characters in a description.
pub const MAX_DESCRIPTION_CHARS: u32 = 500;
/// The most rooms on one page of the list of open rooms.
pub const OPEN_ROOMS_PER_PAGE: usize = 60;

/// Who can come in. It decides who knows of the room at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", rename_all = "snake_case")]
pub enum RoomKind {
    /// Anyone here who has its link; it is listed.
    Open,
    /// Whoever is invited.
    Private,
    /// Two people, or one alone with themselves, for ever.
    Direct,
}

impl RoomKind {
    pub const ALL: [Self; 3] = [Self::Open, Self::Private, Self::Direct];

    /// As it stands in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl TryFrom<String> for RoomKind {
    type Error = ValidationError;

    fn try_from(code: String) -> Result<Self, ValidationError> {
        Self::from_code(&code).ok_or(ValidationError::InvalidFormat)
    }
}

/// What people choose for a room with a title.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    #[default]
    Open,
    Private,
}

impl Access {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Private => "private",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Private].into_iter().find(|access| access.code() == code)
    }
}

impl From<Access> for RoomKind {
    fn from(access: Access) -> Self {
        match access {
            Access::Open => Self::Open,
            Access::Private => Self::Private,
        }
    }
}

parsed_text!(
    /// A room's title: one visible line of 1 to 80 characters.
    RoomTitle
);

impl RoomTitle {
    /// # Errors
    /// [`ValidationError`] when it is empty, too long or not one plain line.
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        one_line(raw, MAX_TITLE_CHARS).map(Self)
    }
}

impl From<&DisplayName> for RoomTitle {
    /// A one-to-one room is called by a name, which is one plain line too, and a shorter one.
    fn from(name: &DisplayName) -> Self {
        Self(name.as_str().to_owned())
    }
}

parsed_text!(
    /// What a room is for, in up to 500 characters. It may say nothing.
    Description
);

impl Description {
    /// # Errors
    /// [`ValidationError::TooLong`].
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        let text = paragraphs(raw);
        within(&text, MAX_DESCRIPTION_CHARS)?;
        Ok(Self(text))
    }
}

/// A room's own row, as its members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub id: RoomId,
    pub kind: RoomKind,
    /// None in a one-to-one room: each of the two calls it by the other's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<RoomTitle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AvatarId>,
    /// The number of its latest change in the room's feed.
    pub rev: Rev,
}

impl Room {
    /// How one of its members calls it; `left` is the word for whoever has no name any more. None is a note
    /// to oneself.
    #[must_use]
    pub fn display_name<'a>(
        &'a self,
        me: UserId,
        mut members: impl Iterator<Item = &'a Member>,
        left: &'a str,
    ) -> Option<&'a str> {
        match &self.title {
            Some(title) => Some(title.as_str()),
            None => Some(members.find(|member| member.user != me)?.display_name(left)),
        }
    }
}

/// Somebody who has entered a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub user: UserId,
    /// None once they have deleted their account: what they said stays, under nobody's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AvatarId>,
    /// Has been in, and no longer is: what they said stays, under their name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// The number of its latest change in the room's feed.
    pub rev: Rev,
}

impl Member {
    /// Their name, or the word for whoever has none any more.
    #[must_use]
    pub fn display_name<'a>(&'a self, left: &'a str) -> &'a str {
        self.name.as_ref().map_or(left, DisplayName::as_str)
    }
}

/// What a stranger sees of a room before entering it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomPreview {
    pub id: RoomId,
    pub title: RoomTitle,
    pub description: Description,
    pub avatar: Option<AvatarId>,
    /// How many are in.
    pub members: u64,
    /// Who asked whoever looks to come in.
    pub invited_by: Option<DisplayName>,
}

/// An open room, as the list of them shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRoom {
    pub door: RoomPreview,
    /// Whether whoever looks is in.
    pub is_in: bool,
}

/// What the settings of a room show to one of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomSettings {
    pub id: RoomId,
    pub access: Access,
    pub title: RoomTitle,
    pub description: Description,
    pub avatar: Option<AvatarId>,
    /// What the reader is in it.
    pub role: Role,
    /// How many are in it.
    pub headcount: usize,
    /// Those who are looked at: owners first, then as they came.
    pub members: Paginated<Membership>,
    /// Those who may not come in; nobody, to whoever cannot lift a ban.
    pub banned: Vec<Membership>,
}

/// A line of the list of rooms that a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    pub id: RoomId,
    /// As the person calls it: a one-to-one room by the other's name, and none once they have deleted their
    /// account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<RoomTitle>,
    /// With whom it is, if it is a one-to-one room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<UserId>,
    /// Theirs in a one-to-one room, else the room's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AvatarId>,
    pub last: Option<LastMessage>,
    /// When something last happened there: the last line, else when the person entered or was invited.
    pub active_at: Millis,
    /// Lines of others since the person last read, counted to [`MAX_UNREAD`].
    pub unread: u32,
    /// The person is not in: this somebody asked them to come in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<DisplayName>,
}

/// Unread lines are counted this far and then shown as "99+".
pub const MAX_UNREAD: u32 = 100;

/// The newest line of a room, as its summary shows it. Of a long text the server sends the beginning alone: a user may
/// be in a thousand rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMessage {
    pub seq: Seq,
    pub text: MessageText,
}

/// What somebody sees who opens a room's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomView {
    /// They have not entered: the title and how many are inside.
    RoomPreview(RoomPreview),
    /// They are a member: a page of what was said.
    Inside(HistoryPage),
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
            prop_assert_eq!(RoomTitle::parse(&longer), Err(ValidationError::TooLong { most: 80 }));
        }
    }
}
