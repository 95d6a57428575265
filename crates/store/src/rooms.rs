//! Rooms: created, changed, closed, found.

mod row;

pub(crate) use row::open_room;

use crate::{
    Committed, Result, Store,
    entities::{memberships, rooms},
    feed::{self, RoomChange, RoomFeed},
    sql::query_values,
    submissions::{Submission, find_submitted, record},
};
use domain::{
    clock::Millis,
    events::EventKind,
    ids::{AvatarId, RoomId, UserId},
    memberships::Role,
    messages::Rev,
    name_keys::NameKeys,
    rooms::{Description, RoomKind, RoomPreview, RoomTitle, Visibility},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewRoom {
    pub title: RoomTitle,
    pub visibility: Visibility,
    pub by: UserId,
    pub at: Millis,
    /// The form that makes it; sent again, it is answered with the room that it has made.
    pub submission: Option<Submission>,
}

/// What a room with a title says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomDetails {
    pub visibility: Visibility,
    pub title: RoomTitle,
    pub description: Description,
}

impl Store {
    /// Creates a room whose creator is its first member and owner. The same form sent again is answered with the room
    /// that it has created.
    pub async fn create_room(&self, new: NewRoom) -> Result<(RoomId, Committed)> {
        // Random rather than time-ordered: users tell rooms apart by the first eight characters.
        let id = Uuid::new_v4();
        let transaction = self.begin_write().await?;
        if let Some(made) = find_submitted(&transaction, new.submission).await? {
            let room = RoomId::from_uuid(made);
            return Ok((room, Committed { joined: vec![(room, new.by)], ..Committed::default() }));
        }
        self.quotas.allow_room(&transaction, new.by, new.at).await?;
        let NameKeys { hangul_first, latin_first, initials } = NameKeys::of(new.title.as_str());
        let room = rooms::ActiveModel {
            title: Set(new.title.as_str().to_owned()),
            hangul_first: Set(hangul_first),
            latin_first: Set(latin_first),
            initials: Set(initials),
            ..new_room(new.visibility.into(), new.by, new.at)
        };
        let members = [(new.by, Role::Owner)];
        let committed = feed::create_room(&transaction, room, id, &members, new.at).await?;
        record(&transaction, new.submission, id, new.at).await?;
        transaction.commit().await?;
        Ok((RoomId::from_uuid(id), committed))
    }

    /// What a room says of itself. None when there is no such room, or it has no title of its own.
    pub async fn room_details(&self, room: RoomId) -> Result<Option<RoomDetails>> {
        let row = open_room(&self.read, room).await?;
        Ok(row.map(|row| row.details()).transpose()?.flatten())
    }

    /// Changes what a room says of itself. Nothing changes when there is no such room, or it says that already.
    pub async fn update_room(
        &self,
        room: RoomId,
        by: UserId,
        details: &RoomDetails,
        at: Millis,
    ) -> Result<Committed> {
        let transaction = self.begin_write().await?;
        let Some(mut feed) = RoomFeed::open(&transaction, room).await? else {
            return Ok(Committed::default());
        };
        let before = feed.row().details()?.filter(|before| before != details);
        let Some(before) = before else { return Ok(Committed::default()) };
        feed.record_room(RoomChange::Details(details)).await?;
        if before.title != details.title {
            feed.record_event(at, EventKind::Renamed, by, by).await?;
        }
        let change_sets = feed.finish().await?;
        transaction.commit().await?;
        Ok(Committed::changes(change_sets))
    }

    /// Sets or clears a room's avatar. None when there is no such room, or it has no title of its
    /// own.
    pub async fn set_room_avatar(
        &self,
        room: RoomId,
        avatar: Option<AvatarId>,
    ) -> Result<Option<Committed>> {
        let transaction = self.begin_write().await?;
        let Some(mut feed) = RoomFeed::open(&transaction, room).await? else { return Ok(None) };
        if feed.row().details()?.is_none() {
            return Ok(None);
        }
        let orphaned = feed.row().avatar_id.map(AvatarId::from_uuid);
        feed.record_room(RoomChange::Avatar(avatar)).await?;
        let change_sets = feed.finish().await?;
        transaction.commit().await?;
        let orphaned_avatars = orphaned.into_iter().collect();
        Ok(Some(Committed { orphaned_avatars, ..Committed::changes(change_sets) }))
    }

    /// The room's avatar, if it has one.
    pub async fn room_avatar(&self, room: RoomId) -> Result<Option<AvatarId>> {
        let row = open_room(&self.read, room).await?;
        Ok(row.and_then(|row| row.avatar_id).map(AvatarId::from_uuid))
    }

    /// Closes a room for ever. Its rows stay, out of reach. None when there is no such room.
    pub async fn close_room(&self, room: RoomId, at: Millis) -> Result<Option<Committed>> {
        let transaction = self.begin_write().await?;
        let Some(mut feed) = RoomFeed::open(&transaction, room).await? else { return Ok(None) };
        feed.record_room(RoomChange::Closed(at)).await?;
        feed.finish().await?;
        transaction.commit().await?;
        Ok(Some(Committed { closed_rooms: vec![room], ..Committed::default() }))
    }

    /// The preview that a user who is no member sees. None when there is no such room, or it has no title.
    pub async fn room_preview(&self, room: RoomId, user: UserId) -> Result<Option<RoomPreview>> {
        let row = open_room(&self.read, room).await?;
        let Some(row) = row else { return Ok(None) };
        let Some(details) = row.details()? else { return Ok(None) };
        let inside = memberships::Entity::find()
            .filter(memberships::Column::RoomId.eq(room.uuid()))
            .filter(memberships::Column::Status.eq("in"));
        let members = inside.count(&self.read).await?;
        let RoomDetails { title, description, .. } = details;
        let invited_by = self.inviter(room, user).await?;
        let avatar = row.avatar_id.map(AvatarId::from_uuid);
        Ok(Some(RoomPreview { id: room, title, description, avatar, members, invited_by }))
    }

    /// The rooms that the user is in, and the number of each one's latest change.
    pub async fn room_heads_of(&self, user: UserId) -> Result<Vec<(RoomId, Rev)>> {
        let heads = query_values(&self.read, HEADS, [user.uuid().into()]).await?;
        Ok(heads.into_iter().map(|(id, head)| (RoomId::from_uuid(id), Rev(head))).collect())
    }
}

const HEADS: &str = "
    SELECT r.id, r.head FROM memberships ms JOIN rooms r ON r.id = ms.room_id
    WHERE ms.user_id = $1 AND ms.status = 'in' AND r.closed_at IS NULL";

/// A room's row without a title, and without its id and numbers, which `feed` gives it.
pub(crate) fn new_room(kind: RoomKind, by: UserId, at: Millis) -> rooms::ActiveModel {
    rooms::ActiveModel {
        title: Set(String::new()),
        created_by: Set(by.uuid()),
        created_at: Set(at.0),
        kind: Set(kind.code().to_owned()),
        description: Set(String::new()),
        closed_at: Set(None),
        avatar_id: Set(None),
        ..rooms::ActiveModel::default()
    }
}
