//! The row of a room, and what it says.

use super::RoomDetails;
use crate::{Result, entities::rooms, sql::decode};
use domain::{
    ids::{AvatarId, RoomId},
    messages::Rev,
    rooms::{Description, Room, RoomKind, RoomTitle, Visibility},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// The row of a room that has not been closed.
pub(crate) async fn open_room(
    db: &impl ConnectionTrait,
    room: RoomId,
) -> Result<Option<rooms::Model>> {
    let find = rooms::Entity::find_by_id(room.uuid()).filter(rooms::Column::ClosedAt.is_null());
    Ok(find.one(db).await?)
}

impl rooms::Model {
    pub(crate) fn room_kind(&self) -> Result<RoomKind> {
        decode(RoomKind::from_code(&self.kind), "kind")
    }

    /// None of a one-to-one room: it has nothing of its own to say.
    pub(crate) fn details(&self) -> Result<Option<RoomDetails>> {
        let visibility = match self.room_kind()? {
            RoomKind::Open => Visibility::Open,
            RoomKind::Private => Visibility::Private,
            RoomKind::Direct => return Ok(None),
        };
        let title = decode(RoomTitle::parse(&self.title).ok(), "title")?;
        let description = decode(Description::parse(&self.description).ok(), "description")?;
        Ok(Some(RoomDetails { visibility, title, description }))
    }

    pub(crate) fn room(&self) -> Result<Room> {
        let title = self.details()?.map(|details| details.title);
        let (id, rev) = (RoomId::from_uuid(self.id), Rev(self.rev));
        let avatar = self.avatar_id.map(AvatarId::from_uuid);
        Ok(Room { id, kind: self.room_kind()?, title, avatar, rev })
    }
}
