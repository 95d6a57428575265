//! Rooms and their members.

use crate::{
    clock::Millis,
    ids::{AvatarId, RoomId, UserId},
    memberships::{Membership, Role},
    messages::{MessageText, Rev, Seq},
    pagination::Paginated,
    text::{ValidationError, one_line, paragraphs, parsed_text, within},
    users::DisplayName,
};
use serde::{Deserialize, Serialize};

/// The most characters in a title.
pub const MAX_TITLE_CHARS: u32 = 80;
/// The most characters in a description.
pub const MAX_DESCRIPTION_CHARS: u32 = 500;
/// The most rooms on one page of the list of open rooms.
pub const OPEN_ROOMS_PER_PAGE: usize = 60;

with_all! {
    /// Who can join. It also decides who can see that the room exists.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(try_from = "String", rename_all = "snake_case")]
    pub enum RoomKind {
        /// Listed; any user can join.
        Open,
        /// Invited users only.
        Private,
        /// Two users, or one alone (a note to self), for ever.
        Direct,
    }
}

impl RoomKind {
    /// The code in the database.
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

/// What the owner chooses for a room with a title.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Visibility {
    #[default]
    Open,
    Private,
}

impl Visibility {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Private => "private",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Private].into_iter().find(|visibility| visibility.code() == code)
    }
}

impl From<Visibility> for RoomKind {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Open => Self::Open,
            Visibility::Private => Self::Private,
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
    /// A one-to-one room's title is a name, which is one plain line too, and shorter.
    fn from(name: &DisplayName) -> Self {
        Self(name.as_str().to_owned())
    }
}

parsed_text!(
    /// What a room is for, in up to 500 characters. It may be empty.
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
    /// None in a one-to-one room: each of the two sees the other's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<RoomTitle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AvatarId>,
    /// The number of its latest change in the room's feed.
    pub rev: Rev,
}

impl Room {
    /// The room's name for one of its members; `left` is the label for a member who has deleted their account.
    /// None is a note to self.
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

/// A user who has joined a room.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Member {
    pub user: UserId,
    /// None once they have deleted their account: their messages stay, without a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AvatarId>,
    /// Was a member, and no longer is: their messages stay, under their name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// The number of its latest change in the room's feed.
    pub rev: Rev,
}

impl Member {
    /// Their name, or the label for a member who has deleted their account.
    #[must_use]
    pub fn display_name<'a>(&'a self, left: &'a str) -> &'a str {
        self.name.as_ref().map_or(left, DisplayName::as_str)
    }
}

/// What a user who is not a member sees of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomPreview {
    pub id: RoomId,
    pub title: RoomTitle,
    pub description: Description,
    pub avatar: Option<AvatarId>,
    /// The number of members.
    pub members: u64,
    /// The user who invited the reader, if one did.
    pub invited_by: Option<DisplayName>,
}

/// An open room in the list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRoom {
    pub preview: RoomPreview,
    /// Whether the reader is a member.
    pub is_in: bool,
}

/// What the settings of a room show to one of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomSettings {
    pub id: RoomId,
    pub visibility: Visibility,
    pub title: RoomTitle,
    pub description: Description,
    pub avatar: Option<AvatarId>,
    /// The reader's role in it.
    pub role: Role,
    /// The number of members.
    pub headcount: usize,
    /// The members on this page: owners first, then in the order of joining.
    pub members: Paginated<Membership>,
    /// The banned users; empty for readers who cannot lift a ban.
    pub banned: Vec<Membership>,
}

/// An entry of a user's room list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoomSummary {
    pub id: RoomId,
    /// The name for this user: in a one-to-one room the other's, and none once they have deleted their account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<RoomTitle>,
    /// The other user of a one-to-one room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<UserId>,
    /// The other user's in a one-to-one room, else the room's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AvatarId>,
    pub last: Option<LastMessage>,
    /// When something last happened in it: the newest message, else when the user joined or was invited.
    pub active_at: Millis,
    /// Messages of others since the user last read, counted to [`MAX_UNREAD`].
    pub unread: u32,
    /// The user is not a member, but was invited by this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<DisplayName>,
}

/// Unread messages are counted this far and then shown as "99+".
pub const MAX_UNREAD: u32 = 100;

/// The newest message of a room, as its summary shows it. Of a long text the server sends only the beginning: a
/// user may be in a thousand rooms.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LastMessage {
    pub seq: Seq,
    pub text: MessageText,
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
