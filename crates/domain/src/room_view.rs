//! What a room's page shows: the room to its members, a preview to others.

use crate::rooms::RoomPreview;

/// What a user sees who opens a room's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomView<Page> {
    Preview(RoomPreview),
    /// They are a member: a page of its history.
    Joined(Page),
}
