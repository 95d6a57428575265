//! What a person takes along: their own lines, a page at a time, and where they said them.

use crate::{Result, Store, entities::messages, stored};
use domain::{
    clock::Millis,
    ids::{ClientId, RoomId, UserId},
    messages::Message,
    rooms::{RoomKind, RoomTitle},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    Statement,
};

/// The most lines in one page.
pub const EXPORT_PAGE: u64 = 500;

/// A room that the person is or was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRoom {
    pub room: RoomId,
    pub kind: RoomKind,
    /// As they called it: none of a room that they are no longer in, or that was theirs alone.
    pub title: Option<RoomTitle>,
    /// What they are there: `in`, `left`, `removed` or `banned`.
    pub state: String,
    /// Their role, if they are in.
    pub role: Option<String>,
    pub joined_at: Millis,
}

impl Store {
    /// The rooms that the person is or was in, closed ones included, as they came into them.
    pub async fn own_rooms(&self, user: UserId) -> Result<Vec<OwnRoom>> {
        let backend = self.read.get_database_backend();
        let ask = Statement::from_sql_and_values(backend, OWN_ROOMS, [user.uuid().into()]);
        self.read.query_all_raw(ask).await?.iter().map(own_room).collect()
    }

    /// The next of the person's own lines after one of them, in the order of their client ids: at most
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

const OWN_ROOMS: &str = "
    SELECT r.id, r.kind, ms.status, ms.role, ms.joined_at,
        CASE WHEN ms.status <> 'in' THEN '' WHEN r.kind = 'direct' THEN COALESCE(f.name, '')
            ELSE r.title END AS title
    FROM memberships ms
    JOIN rooms r ON r.id = ms.room_id
    LEFT JOIN memberships o
        ON r.kind = 'direct' AND o.room_id = r.id AND o.user_id <> ms.user_id
    LEFT JOIN users p ON p.id = o.user_id
    LEFT JOIN profiles f ON f.id = COALESCE(o.profile_id, p.default_profile_id)
    WHERE ms.user_id = $1
    ORDER BY ms.joined_at, r.id";

fn own_room(row: &QueryResult) -> Result<OwnRoom> {
    let (kind, title): (String, String) = (row.try_get("", "kind")?, row.try_get("", "title")?);
    let (state, role): (String, String) = (row.try_get("", "status")?, row.try_get("", "role")?);
    let title = Some(title).filter(|title| !title.is_empty());
    Ok(OwnRoom {
        room: RoomId::from_uuid(row.try_get("", "id")?),
        kind: stored(RoomKind::from_code(&kind).ok_or(()), "kind")?,
        title: title.map(|title| stored(RoomTitle::parse(&title), "title")).transpose()?,
        role: (state == "in").then_some(role),
        state,
        joined_at: Millis(row.try_get("", "joined_at")?),
    })
}
