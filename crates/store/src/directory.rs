//! The lists in which users find each other and rooms, in the order of the reader's language.

use crate::{
    PageQuery, Result, Store,
    pages::{List, like_pattern},
    sql::decode,
    users::UserSummaryRow,
};
use domain::{
    collation::ScriptFirst,
    ids::{AvatarId, RoomId, UserId},
    pagination::Paginated,
    rooms::{Description, ListedRoom, RoomPreview, RoomTitle},
    users::UserSummary,
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

impl Store {
    /// Those who are here and not suspended.
    pub async fn directory(
        &self,
        of: PageQuery<'_>,
        first: ScriptFirst,
    ) -> Result<Paginated<UserSummary>> {
        self.page_of_users("TRUE", Vec::new(), of, first).await
    }

    /// Those who are not in the room, nor kept out of it, nor asked in already; those who were removed from it only
    /// where `removed` says so.
    pub async fn outsiders(
        &self,
        room: RoomId,
        removed: bool,
        of: PageQuery<'_>,
        first: ScriptFirst,
    ) -> Result<Paginated<UserSummary>> {
        let inside = if removed { OUTSIDE_OR_REMOVED } else { OUTSIDE };
        self.page_of_users(inside, vec![room.uuid().into()], of, first).await
    }

    /// The open rooms but those from which the user is banned.
    pub async fn open_rooms(
        &self,
        user: UserId,
        of: PageQuery<'_>,
        first: ScriptFirst,
    ) -> Result<Paginated<ListedRoom>> {
        let mut list = List {
            columns: OPEN_ROOM,
            from: "rooms r LEFT JOIN memberships me ON me.room_id = r.id AND me.user_id = $1",
            condition: "r.kind = 'open' AND r.closed_at IS NULL AND COALESCE(me.status, '') <> 'banned'",
            order: match first {
                ScriptFirst::Hangul => "r.hangul_first, r.id",
                ScriptFirst::Latin => "r.latin_first, r.id",
            },
            values: vec![user.uuid().into()],
        };
        if of.query.is_empty() {
            return self.list(list, of.page, of.per_page, ListedRoomRow::room).await;
        }
        let condition = format!("{} AND r.initials LIKE $2 ESCAPE '\\'", list.condition);
        list.condition = &condition;
        list.values.push(like_pattern(&of.query.initials()).into());
        let finds = |room: &ListedRoom| of.query.finds(room.preview.title.as_str());
        self.list_kept(list, of.page, of.per_page, ListedRoomRow::room, finds).await
    }

    async fn page_of_users(
        &self,
        condition: &str,
        mut values: Vec<Value>,
        of: PageQuery<'_>,
        first: ScriptFirst,
    ) -> Result<Paginated<UserSummary>> {
        let mut condition = format!(
            "p.default_profile_id = f.id AND p.suspended_at IS NULL AND p.deleted_at IS NULL AND {condition}"
        );
        if !of.query.is_empty() {
            values.push(like_pattern(&of.query.initials()).into());
            condition = format!("{condition} AND f.initials LIKE ${} ESCAPE '\\'", values.len());
        }
        let list = List {
            columns: "p.id, f.name, f.avatar_id",
            // SQLite reads the first of the two first: the profiles, in the order of their index.
            from: "profiles f CROSS JOIN users p",
            condition: &condition,
            order: match first {
                ScriptFirst::Hangul => "f.hangul_first, p.id",
                ScriptFirst::Latin => "f.latin_first, p.id",
            },
            values,
        };
        if of.query.is_empty() {
            return self.list(list, of.page, of.per_page, UserSummaryRow::summary).await;
        }
        let finds = |summary: &UserSummary| of.query.finds(summary.name.as_str());
        self.list_kept(list, of.page, of.per_page, UserSummaryRow::summary, finds).await
    }
}

const OUTSIDE: &str = "
    NOT EXISTS (SELECT 1 FROM memberships ms
        WHERE ms.room_id = $1 AND ms.user_id = p.id AND ms.status IN ('in', 'banned', 'removed'))
    AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.room_id = $1 AND i.user_id = p.id)";
const OUTSIDE_OR_REMOVED: &str = "
    NOT EXISTS (SELECT 1 FROM memberships ms
        WHERE ms.room_id = $1 AND ms.user_id = p.id AND ms.status IN ('in', 'banned'))
    AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.room_id = $1 AND i.user_id = p.id)";

const OPEN_ROOM: &str = "
    r.id, r.title, r.description, r.avatar_id, COALESCE(me.status = 'in', FALSE) AS is_in,
    (SELECT COUNT(*) FROM memberships ms WHERE ms.room_id = r.id AND ms.status = 'in') AS members";

#[derive(Debug, FromQueryResult)]
struct ListedRoomRow {
    id: Uuid,
    title: String,
    description: String,
    avatar_id: Option<Uuid>,
    members: i64,
    is_in: bool,
}

impl ListedRoomRow {
    fn room(self) -> Result<ListedRoom> {
        let preview = RoomPreview {
            id: RoomId::from_uuid(self.id),
            title: decode(RoomTitle::parse(&self.title).ok(), "title")?,
            description: decode(Description::parse(&self.description).ok(), "description")?,
            avatar: self.avatar_id.map(AvatarId::from_uuid),
            members: u64::try_from(self.members).unwrap_or_default(),
            invited_by: None,
        };
        Ok(ListedRoom { preview, is_in: self.is_in })
    }
}
