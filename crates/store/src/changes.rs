//! A room's change feed: what has a greater `rev` than a number, in its present state.

use crate::{
    Result, Store,
    entities::messages,
    events, failpoints,
    memberships::{Status, open_room},
    stored,
};
use domain::{
    ids::{AvatarId, RoomId, UserId},
    messages::{Message, Rev},
    rooms::Member,
    users::DisplayName,
    wire::{ChangeSet, MAX_CHANGE_SET_BYTES, MAX_PAGE_ITEMS},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, Statement,
};
use uuid::Uuid;

/// The changes after a number, and where the room stood when they were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub changes: ChangeSet,
    pub head: Rev,
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
            return Ok(Some(nothing_new(room, after, head)));
        }
        let snapshot = self.begin_snapshot().await?;
        let Some(row) = open_room(&snapshot, room).await? else { return Ok(None) };
        let head = Rev(row.head);
        let mut messages = messages_after(&snapshot, room, after).await?;
        let mut members = members_after(&snapshot, room, after, Some(MAX_PAGE_ITEMS)).await?;
        let mut events = events::after(&snapshot, room, after, MAX_PAGE_ITEMS + 1).await?;
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

/// As most who come back find it, for the price of one look.
fn nothing_new(room: RoomId, after: Rev, head: Rev) -> Changed {
    Changed { changes: ChangeSet::empty(room, after, after), head }
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
    // SQLite reads a negative limit as none.
    let most = most.map_or(-1, |most| i64::from(most) + 1);
    let sql = format!("{MEMBERS} AND ms.rev > $2 ORDER BY ms.rev LIMIT $3");
    let values = [room.uuid().into(), after.0.into(), most.into()];
    let ask = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.query_all_raw(ask).await?.iter().map(as_member).collect()
}

/// Each as the room sees them: by the profile that they chose for it, else by their default.
const MEMBERS: &str = "
    SELECT ms.user_id, ms.rev, ms.status, f.name, f.avatar_id
    FROM memberships ms
    JOIN users p ON p.id = ms.user_id
    JOIN profiles f ON f.id = COALESCE(ms.profile_id, p.default_profile_id)
    WHERE ms.room_id = $1";

fn as_member(row: &QueryResult) -> Result<Member> {
    let name: String = row.try_get("", "name")?;
    let avatar: Option<Uuid> = row.try_get("", "avatar_id")?;
    let status: String = row.try_get("", "status")?;
    Ok(Member {
        user: UserId::from_uuid(row.try_get("", "user_id")?),
        // Whoever has deleted their account has an empty one, which nobody can choose.
        name: (!name.is_empty()).then(|| stored(DisplayName::parse(&name), "name")).transpose()?,
        avatar: avatar.map(AvatarId::from_uuid),
        gone: status != Status::In.code(),
        rev: Rev(row.try_get("", "rev")?),
    })
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
