//! Rooms that see a changed profile. A user may be in hundreds: the transaction that changes the profile records it in
//! the first of them and notes the others down, which follow a few at a time. Whatever ends the program between two of
//! these transactions, the rooms that are noted down are still there.

use crate::{
    Committed, Result, Store,
    chunks::{MAX_ROWS, padded},
    feed::RoomFeed,
    sql::{execute, exists, query_values},
    sqlite::rows,
};
use domain::{
    ids::{RoomId, UserId},
    wire::ChangeSet,
};
use sea_orm::{DatabaseTransaction, Value};
use uuid::Uuid;

/// Rooms that one transaction records a change of a profile in.
const MAX_ROOMS: u32 = 32;

impl Store {
    /// Records changed profiles in the next of the rooms that are noted down. None when there are none.
    pub async fn record_profile_updates(&self) -> Result<Option<Committed>> {
        // Most often there are none, which costs no write transaction.
        if !exists(&self.read, NEXT, [1.into()]).await? {
            return Ok(None);
        }
        let transaction = self.begin_write().await?;
        let values = [i64::from(MAX_ROOMS).into()];
        let next: Vec<(Uuid, Uuid)> = query_values(&transaction, NEXT, values).await?;
        let mut change_sets = Vec::with_capacity(next.len());
        for (room, user) in next {
            let (room_id, user_id) = (RoomId::from_uuid(room), UserId::from_uuid(user));
            change_sets.extend(record_profile(&transaction, user_id, room_id).await?);
            execute(&transaction, DONE, [room.into(), user.into()]).await?;
        }
        transaction.commit().await?;
        Ok(Some(Committed::changes(change_sets)))
    }
}

/// In the order of the rooms' ids, in which they are locked everywhere.
const NEXT: &str =
    "SELECT room_id, user_id FROM profile_updates ORDER BY room_id, user_id LIMIT $1";

const DONE: &str = "DELETE FROM profile_updates WHERE room_id = $1 AND user_id = $2";

/// The room sees the user's profile otherwise, unless it has been closed.
pub(crate) async fn record_profile(
    transaction: &DatabaseTransaction,
    user: UserId,
    room: RoomId,
) -> Result<Vec<ChangeSet>> {
    let Some(mut feed) = RoomFeed::open(transaction, room).await? else { return Ok(Vec::new()) };
    feed.record_profile(user).await?;
    feed.finish().await
}

/// The same for all rooms that see it: for some at once, for the others by [`Store::record_profile_updates`].
pub(crate) async fn record_in_rooms(
    transaction: &DatabaseTransaction,
    user: UserId,
    mut rooms: Vec<Uuid>,
) -> Result<Vec<ChangeSet>> {
    rooms.sort_unstable();
    let (now, later) = rooms.split_at(rooms.len().min(MAX_ROOMS as usize));
    let mut change_sets = Vec::with_capacity(now.len());
    for room in now {
        change_sets.extend(record_profile(transaction, user, RoomId::from_uuid(*room)).await?);
    }
    for rooms in later.chunks(MAX_ROWS) {
        let rooms: Vec<_> = padded(rooms).copied().collect();
        let rows = rows(rooms.len(), 2);
        let values = rooms.iter().flat_map(|room| [Value::from(*room), user.uuid().into()]);
        let sql = format!(
            "INSERT INTO profile_updates (room_id, user_id) VALUES {rows} ON CONFLICT DO NOTHING"
        );
        execute(transaction, sql, values).await?;
    }
    Ok(change_sets)
}
