//! What a room's page shows: the room to its members, a preview to others.

use crate::{rooms::RoomPreview, wire::HistoryPage};

/// What a user sees who opens a room's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomView {
    Preview(RoomPreview),
    /// They are a member: a page of its history.
    Joined(HistoryPage),
}
