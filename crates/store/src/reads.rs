//! Read positions.

use crate::{
    Committed, Result, Store,
    entities::{memberships, rooms},
};
use domain::{
    ids::{RoomId, UserId},
    messages::Seq,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::collections::HashMap;
use uuid::Uuid;

/// The user has read the room up to this message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadMark {
    pub room: RoomId,
    pub user: UserId,
    pub seq: Seq,
}

impl Store {
    /// Stores read positions in one transaction: never past a room's head, never back.
    pub async fn mark_read(&self, marks: &[ReadMark]) -> Result<Committed> {
        if marks.is_empty() {
            return Ok(Committed::default());
        }
        let transaction = self.begin_write().await?;
        let read = marks.iter().map(|mark| mark.room.uuid());
        let read = rooms::Entity::find().filter(rooms::Column::Id.is_in(read));
        let heads: HashMap<_, _> =
            read.all(&transaction).await?.into_iter().map(|room| (room.id, room.head)).collect();
        for ReadMark { room, user, seq } in marks {
            if let Some(head) = heads.get(&room.uuid()) {
                let seq = Ord::min(*head, seq.0);
                read_through(&transaction, room.uuid(), user.uuid(), seq).await?;
            }
        }
        transaction.commit().await?;
        let readers = marks.iter().map(|mark| mark.user).collect();
        Ok(Committed { readers, ..Committed::default() })
    }
}

async fn read_through(db: &impl ConnectionTrait, room: Uuid, user: Uuid, seq: i64) -> Result<()> {
    memberships::Entity::update_many()
        .col_expr(memberships::Column::LastReadSeq, Expr::value(seq))
        .filter(memberships::Column::RoomId.eq(room))
        .filter(memberships::Column::UserId.eq(user))
        .filter(memberships::Column::LastReadSeq.lt(seq))
        .exec(db)
        .await?;
    Ok(())
}
