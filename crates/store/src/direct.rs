//! One-to-one rooms: for each pair of people one, for ever.

use crate::{
    Result, Store,
    account::is_here,
    entities::{memberships, pairs, people, rooms},
    is_unique_violation,
    memberships::membership,
    rooms::new_room,
};
use domain::{
    clock::Millis,
    ids::{PersonId, RoomId},
    memberships::Role,
    rooms::RoomKind,
};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter};
use uuid::Uuid;

/// The room of two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Talk {
    pub room: RoomId,
    /// It was made now: nobody hears of it yet.
    pub is_new: bool,
}

impl Store {
    /// The room of these two, made if there is none yet; of somebody with themselves, if they are the same.
    /// None when one of them is nobody, or suspended and there is none yet.
    pub async fn talk(&self, by: PersonId, with: PersonId, at: Millis) -> Result<Option<Talk>> {
        if let Some(room) = self.room_of_pair(by, with).await? {
            return Ok(Some(Talk { room, is_new: false }));
        }
        for person in [by, with] {
            let row = people::Entity::find().filter(is_here(person)).one(&self.read).await?;
            if row.is_none_or(|row| row.suspended_at.is_some()) {
                return Ok(None);
            }
        }
        let id = Uuid::new_v4();
        let transaction = self.begin_write().await?;
        self.quotas.allow_direct_room(&transaction, by, at).await?;
        let people = if by == with { vec![by] } else { vec![by, with] };
        let head = i64::try_from(people.len()).unwrap_or_default() + 1;
        let room = new_room(id, RoomKind::Direct, by, head, at);
        rooms::Entity::insert(room).exec_without_returning(&transaction).await?;
        let (low, high) = in_order(by, with);
        let pair = pairs::ActiveModel { low: Set(low), high: Set(high), room_id: Set(id) };
        match pairs::Entity::insert(pair).exec_without_returning(&transaction).await {
            Ok(_) => {}
            Err(error) if is_unique_violation(&error) => {
                transaction.rollback().await?;
                let room = self.room_of_pair(by, with).await?;
                return Ok(room.map(|room| Talk { room, is_new: false }));
            }
            Err(error) => return Err(error.into()),
        }
        for (person, rev) in people.into_iter().zip(2..) {
            let row = membership(id, person, Role::Member, rev, at);
            memberships::Entity::insert(row).exec_without_returning(&transaction).await?;
        }
        transaction.commit().await?;
        Ok(Some(Talk { room: RoomId::from_uuid(id), is_new: true }))
    }

    async fn room_of_pair(&self, one: PersonId, other: PersonId) -> Result<Option<RoomId>> {
        let row = pairs::Entity::find_by_id(in_order(one, other)).one(&self.read).await?;
        Ok(row.map(|row| RoomId::from_uuid(row.room_id)))
    }
}

fn in_order(one: PersonId, other: PersonId) -> (Uuid, Uuid) {
    (one.min(other).uuid(), one.max(other).uuid())
}
