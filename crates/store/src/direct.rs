//! One-to-one rooms: one for each pair of users, for ever.

use crate::{
    Committed, Result, Store,
    account::active_user,
    entities::{direct_rooms, users},
    feed::create_room,
    is_unique_violation,
    rooms::new_room,
};
use domain::{
    clock::Millis,
    ids::{RoomId, UserId},
    memberships::Role,
    rooms::RoomKind,
};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter};
use uuid::Uuid;

/// The room of two users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectRoom {
    pub room: RoomId,
    /// Names its members as having joined when it was created now.
    pub committed: Committed,
}

impl Store {
    /// The room of these two, created if there is none yet; of one user alone, if they are the same. None when one of
    /// them has no account, or is suspended and there is no room yet.
    pub async fn open_direct_room(
        &self,
        by: UserId,
        with: UserId,
        at: Millis,
    ) -> Result<Option<DirectRoom>> {
        let there = |room| DirectRoom { room, committed: Committed::default() };
        if let Some(room) = self.room_of_users(by, with).await? {
            return Ok(Some(there(room)));
        }
        for user in [by, with] {
            let row = users::Entity::find().filter(active_user(user)).one(&self.read).await?;
            if row.is_none_or(|row| row.suspended_at.is_some()) {
                return Ok(None);
            }
        }
        let id = Uuid::new_v4();
        let transaction = self.begin_write().await?;
        self.quotas.allow_direct_room(&transaction, by, at).await?;
        let mut members = vec![(by, Role::Member)];
        if by != with {
            members.push((with, Role::Member));
        }
        let room = new_room(RoomKind::Direct, by, at);
        let committed = create_room(&transaction, room, id, &members, at).await?;
        let (low, high) = in_order(by, with);
        let pair = direct_rooms::ActiveModel { low: Set(low), high: Set(high), room_id: Set(id) };
        match direct_rooms::Entity::insert(pair).exec_without_returning(&transaction).await {
            Ok(_) => {}
            Err(error) if is_unique_violation(&error) => {
                transaction.rollback().await?;
                return Ok(self.room_of_users(by, with).await?.map(there));
            }
            Err(error) => return Err(error.into()),
        }
        transaction.commit().await?;
        Ok(Some(DirectRoom { room: RoomId::from_uuid(id), committed }))
    }

    async fn room_of_users(&self, one: UserId, other: UserId) -> Result<Option<RoomId>> {
        let row = direct_rooms::Entity::find_by_id(in_order(one, other)).one(&self.read).await?;
        Ok(row.map(|row| RoomId::from_uuid(row.room_id)))
    }
}

fn in_order(one: UserId, other: UserId) -> (Uuid, Uuid) {
    (one.min(other).uuid(), one.max(other).uuid())
}
