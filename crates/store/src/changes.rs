//! A room's change feed: what has a greater `rev` than a number, in its present state.

use crate::{
    Result, Store,
    entities::messages,
    events, failpoints,
    memberships::Status,
    rooms::open_room,
    sql::{decode, query},
    sqlite,
};
use domain::{
    ids::{AvatarId, RoomId, UserId},
    messages::{Message, Rev, Seq},
    rooms::Member,
    users::DisplayName,
    wire::{ChangeSet, Cursor, MAX_CHANGE_SET_BYTES, MAX_PAGE_ITEMS},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// The changes after a number, and where the room stood when they were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub changes: ChangeSet,
    pub head: Rev,
}

impl Changed {
    /// As most who come back find it.
    #[must_use]
    pub const fn nothing_since(Cursor { room, after }: Cursor) -> Self {
        Self { changes: ChangeSet::empty(room, after, after), head: after }
    }
}

impl Store {
    /// The changes of a room after a number, in one snapshot; at most [`MAX_PAGE_ITEMS`] of a kind and
    /// [`MAX_CHANGE_SET_BYTES`] of text. None when there is no such room.
    pub async fn changes(&self, room: RoomId, after: Rev) -> Result<Option<Changed>> {
        failpoints::fail_at("changes")?;
        let Some(head) = self.head(room).await? else {
            return Ok(None);
        };
        if head <= after {
            return Ok(Some(Changed { head, ..Changed::nothing_since(Cursor { room, after }) }));
        }
        let snapshot = self.begin_snapshot().await?;
        let Some(row) = open_room(&snapshot, room).await? else { return Ok(None) };
        let head = Rev(row.head);
        let mut messages = messages_after(&snapshot, room, after).await?;
        let mut members = members_after(&snapshot, room, after, Some(MAX_PAGE_ITEMS)).await?;
        let next = Seq(after.0.saturating_add(1));
        let mut events = events::from(&snapshot, room, next, u64::from(MAX_PAGE_ITEMS) + 1).await?;
        snapshot.commit().await?;

        let message_cut = cut(&mut messages, |message| message.rev);
        let member_cut = cut(&mut members, |member| member.rev);
        let event_cut = cut(&mut events, |event| event.seq.into());
        let bytes_cut = cut_bytes(&mut messages);
        // Read up to the earliest cut: a change past it comes with the next question.
        let cuts = [message_cut, member_cut, event_cut, bytes_cut];
        let through = cuts.into_iter().flatten().min().unwrap_or(head.max(after));
        messages.retain(|message| message.rev <= through);
        members.retain(|member| member.rev <= through);
        events.retain(|event| Rev::from(event.seq) <= through);
        let details =
            Some(row.room()?).filter(|details| after < details.rev && details.rev <= through);
        let changes = ChangeSet { room, after, through, messages, members, events, details };
        Ok(Some(Changed { changes, head }))
    }
}

async fn messages_after(
    snapshot: &DatabaseTransaction,
    room: RoomId,
    after: Rev,
) -> Result<Vec<Message>> {
    let rows = messages::Entity::find()
        .filter(messages::Column::RoomId.eq(room.uuid()))
        .filter(messages::Column::Rev.gt(after.0))
        .order_by_asc(messages::Column::Rev)
        .limit(u64::from(MAX_PAGE_ITEMS) + 1)
        .all(snapshot)
        .await?;
    rows.into_iter().map(messages::Model::message).collect()
}

/// Members whose row changed after a number, in that order; one more than `most`, if there is.
pub(crate) async fn members_after(
    db: &impl ConnectionTrait,
    room: RoomId,
    after: Rev,
    most: Option<u32>,
) -> Result<Vec<Member>> {
    let limit = sqlite::limit(most.map(|most| most + 1));
    let values = [room.uuid().into(), after.0.into(), limit.into()];
    let rows = query::<MemberRow>(db, MEMBERS_AFTER, values).await?;
    rows.into_iter().map(MemberRow::member).collect()
}

pub(crate) const MEMBERS_AFTER: &str = "
    SELECT user_id, rev, status, name, avatar_id FROM displayed_members
    WHERE room_id = $1 AND rev > $2 ORDER BY rev LIMIT $3";

#[derive(Debug, FromQueryResult)]
struct MemberRow {
    user_id: Uuid,
    rev: i64,
    status: String,
    name: String,
    avatar_id: Option<Uuid>,
}

impl MemberRow {
    fn member(self) -> Result<Member> {
        // The name of a deleted account is empty, which no user can choose.
        let name = (!self.name.is_empty()).then(|| DisplayName::parse(&self.name).ok());
        Ok(Member {
            user: UserId::from_uuid(self.user_id),
            name: name.map(|name| decode(name, "name")).transpose()?,
            avatar: self.avatar_id.map(AvatarId::from_uuid),
            gone: self.status != Status::In.code(),
            rev: Rev(self.rev),
        })
    }
}

/// Cuts a list to [`MAX_PAGE_ITEMS`] and answers where, if it was longer.
fn cut<T>(items: &mut Vec<T>, rev: impl Fn(&T) -> Rev) -> Option<Rev> {
    if items.len() <= MAX_PAGE_ITEMS as usize {
        return None;
    }
    items.truncate(MAX_PAGE_ITEMS as usize);
    items.last().map(rev)
}

/// Cuts at [`MAX_CHANGE_SET_BYTES`] of text, though never before the first message.
fn cut_bytes(messages: &mut Vec<Message>) -> Option<Rev> {
    let mut bytes = 0;
    let fits = messages.iter().take_while(|message| {
        let first = bytes == 0;
        bytes += message.text.as_str().len();
        first || bytes <= MAX_CHANGE_SET_BYTES
    });
    let fitting = fits.count();
    if fitting == messages.len() {
        return None;
    }
    messages.truncate(fitting);
    messages.last().map(|message| message.rev)
}
