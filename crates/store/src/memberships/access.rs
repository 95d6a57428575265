//! What a user is to a room when a use case asks whether it may.

use super::status;
use crate::{Result, Store, invitations::is_invited, rooms::open_room};
use domain::{
    ids::{RoomId, UserId},
    policy::MembershipStatus,
    rooms::RoomKind,
};
use sea_orm::ConnectionTrait;

/// What a user is to a room, and what kind of room it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomAccess {
    pub status: MembershipStatus,
    pub kind: RoomKind,
}

impl Store {
    /// What the user is to the room. None when there is no such room.
    pub async fn room_access(&self, room: RoomId, user: UserId) -> Result<Option<RoomAccess>> {
        find_access(&self.read, room, user).await
    }
}

/// What the user is to the room, an invitation that they have not answered included.
pub(crate) async fn find_access(
    db: &impl ConnectionTrait,
    room: RoomId,
    user: UserId,
) -> Result<Option<RoomAccess>> {
    let Some(row) = open_room(db, room).await? else { return Ok(None) };
    let mut status = status(db, room, user).await?;
    let may_be_invited = !matches!(status, MembershipStatus::Member(_) | MembershipStatus::Banned);
    if may_be_invited && is_invited(db, room, user).await? {
        status = MembershipStatus::Invited;
    }
    Ok(Some(RoomAccess { status, kind: row.room_kind()? }))
}
