//! What the server knows HTML by that it keeps.

use crate::{i18n::Language, page_context::Theme};
use domain::{
    ids::{RoomId, UserId},
    message_list::ListItem,
    rooms::{Member, RoomKind, RoomSummary},
    users::CurrentUser,
};

/// Everything that the HTML of an element depends on. Two elements with equal keys have the same HTML for every reader,
/// so stored HTML is never invalidated, and no reader gets what was rendered from another reader's data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HtmlKey {
    pub language: Language,
    pub shows: Shows,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Shows {
    /// A row of the message list, and how far ahead of UTC the reader's clock was then.
    Row { row: ListItem, minutes_ahead: i32 },
    /// A member of a room, and whether it is the reader.
    Member { member: Member, is_me: bool },
    /// A line of the reader's list of rooms.
    Room { room: RoomSummary, title: String, when: String, is_current: bool },
    /// The head of a room.
    Header {
        room: RoomId,
        title: Option<String>,
        kind: Option<RoomKind>,
        members: Vec<Member>,
        me: Option<UserId>,
        origin: String,
    },
    /// The menu behind the reader's own name.
    Settings { viewer: CurrentUser, theme: Theme },
}
