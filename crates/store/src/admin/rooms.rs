//! All rooms with a title, for administrators.

use crate::{Result, Store, pages::List, sql::decode};
use domain::{
    admin::AdminRoomSummary,
    clock::Millis,
    ids::RoomId,
    pagination::Paginated,
    rooms::{RoomTitle, Visibility},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

impl Store {
    /// All rooms with a title, the one with the newest activity first.
    pub async fn admin_rooms(
        &self,
        page: usize,
        per_page: usize,
    ) -> Result<Paginated<AdminRoomSummary>> {
        let list = List {
            columns: ROOM,
            from: "rooms r",
            condition: "r.kind <> 'direct' AND r.closed_at IS NULL",
            order: "active_at DESC, r.id",
            values: Vec::new(),
        };
        self.list(list, page, per_page, AdminRoomRow::room).await
    }
}

const ROOM: &str = "
    r.id, r.title, r.kind,
    (SELECT COUNT(*) FROM memberships ms WHERE ms.room_id = r.id AND ms.status = 'in') AS members,
    (SELECT COUNT(*) FROM messages m WHERE m.room_id = r.id) AS messages,
    COALESCE((SELECT m.posted_at FROM messages m WHERE m.room_id = r.id
        ORDER BY m.seq DESC LIMIT 1), r.created_at) AS active_at";

#[derive(Debug, FromQueryResult)]
struct AdminRoomRow {
    id: Uuid,
    title: String,
    kind: String,
    members: i64,
    messages: i64,
    active_at: i64,
}

impl AdminRoomRow {
    fn room(self) -> Result<AdminRoomSummary> {
        Ok(AdminRoomSummary {
            id: RoomId::from_uuid(self.id),
            title: decode(RoomTitle::parse(&self.title).ok(), "title")?,
            visibility: decode(Visibility::from_code(&self.kind), "kind")?,
            members: u64::try_from(self.members).unwrap_or_default(),
            messages: u64::try_from(self.messages).unwrap_or_default(),
            active_at: Millis(self.active_at),
        })
    }
}
