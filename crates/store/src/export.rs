//! What a user's export holds: their rooms, and their own messages a page at a time.

use crate::{
    Result, Store,
    entities::messages,
    sql::{decode, query},
};
use domain::{
    clock::Millis,
    ids::{ClientId, RoomId, UserId},
    messages::Message,
    rooms::{RoomKind, RoomTitle},
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// The most messages in one page.
pub const EXPORT_PAGE: u64 = 500;

/// A room that the user is or was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRoom {
    pub room: RoomId,
    pub kind: RoomKind,
    /// None of a room that they are no longer in, or that is theirs alone.
    pub title: Option<RoomTitle>,
    /// What they are there: `in`, `left`, `removed` or `banned`.
    pub status: String,
    /// Their role, if they are in.
    pub role: Option<String>,
    pub joined_at: Millis,
}

impl Store {
    /// The rooms that the user is or was in, closed ones included, in the order in which they joined.
    pub async fn own_rooms(&self, user: UserId) -> Result<Vec<OwnRoom>> {
        let rows = query::<OwnRoomRow>(&self.read, OWN_ROOMS, [user.uuid().into()]).await?;
        rows.into_iter().map(OwnRoomRow::room).collect()
    }

    /// The next of the user's own messages after one of them, in the order of their client ids: at most
    /// [`EXPORT_PAGE`], with the room of each.
    pub async fn own_messages(
        &self,
        user: UserId,
        after: Option<ClientId>,
    ) -> Result<Vec<(RoomId, Message)>> {
        let mut find = messages::Entity::find().filter(messages::Column::AuthorId.eq(user.uuid()));
        if let Some(after) = after {
            find = find.filter(messages::Column::ClientId.gt(after.uuid()));
        }
        let page = find.order_by_asc(messages::Column::ClientId).limit(EXPORT_PAGE);
        let rows = page.all(&self.read).await?;
        let own = |row: messages::Model| Ok((RoomId::from_uuid(row.room_id), row.message()?));
        rows.into_iter().map(own).collect()
    }
}

pub(crate) const OWN_ROOMS: &str = "
    SELECT r.id, r.kind, ms.status, ms.role, ms.joined_at,
        CASE WHEN ms.status <> 'in' THEN '' WHEN r.kind <> 'direct' THEN r.title
            ELSE COALESCE((SELECT o.name FROM displayed_members o
                WHERE o.room_id = r.id AND o.user_id <> ms.user_id), '') END AS title
    FROM memberships ms
    JOIN rooms r ON r.id = ms.room_id
    WHERE ms.user_id = $1
    ORDER BY ms.joined_at, r.id";

#[derive(Debug, FromQueryResult)]
struct OwnRoomRow {
    id: Uuid,
    kind: String,
    status: String,
    role: String,
    joined_at: i64,
    title: String,
}

impl OwnRoomRow {
    fn room(self) -> Result<OwnRoom> {
        let title = (!self.title.is_empty()).then(|| RoomTitle::parse(&self.title).ok());
        Ok(OwnRoom {
            room: RoomId::from_uuid(self.id),
            kind: decode(RoomKind::from_code(&self.kind), "kind")?,
            title: title.map(|title| decode(title, "title")).transpose()?,
            role: (self.status == "in").then_some(self.role),
            status: self.status,
            joined_at: Millis(self.joined_at),
        })
    }
}
