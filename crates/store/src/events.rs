//! What happened in a room besides what was said. Written with the change that it tells of.

use crate::{Result, entities::events, sql::decode};
use domain::{
    clock::Millis,
    events::{Event, EventKind},
    ids::{RoomId, UserId},
    messages::Seq,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

pub(crate) async fn insert(db: &impl ConnectionTrait, room: RoomId, event: Event) -> Result<()> {
    let row = events::ActiveModel {
        room_id: Set(room.uuid()),
        seq: Set(event.seq.0),
        kind: Set(event.kind.code().to_owned()),
        actor_id: Set(event.actor.uuid()),
        target_id: Set(event.target.uuid()),
        happened_at: Set(event.at.0),
    };
    events::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The first events from a place on.
pub(crate) async fn from(
    db: &impl ConnectionTrait,
    room: RoomId,
    from: Seq,
    most: u64,
) -> Result<Vec<Event>> {
    let rows = events::Entity::find()
        .filter(events::Column::RoomId.eq(room.uuid()))
        .filter(events::Column::Seq.gte(from.0))
        .order_by_asc(events::Column::Seq)
        .limit(most)
        .all(db)
        .await?;
    rows.into_iter().map(events::Model::event).collect()
}

/// The last events before a place, or of all, in the order of their places.
pub(crate) async fn before(
    db: &impl ConnectionTrait,
    room: RoomId,
    before: Option<Seq>,
    most: u64,
) -> Result<Vec<Event>> {
    let mut find = events::Entity::find().filter(events::Column::RoomId.eq(room.uuid()));
    if let Some(before) = before {
        find = find.filter(events::Column::Seq.lt(before.0));
    }
    let newest_first = find.order_by_desc(events::Column::Seq).limit(most);
    let rows = newest_first.all(db).await?;
    rows.into_iter().rev().map(events::Model::event).collect()
}

impl events::Model {
    fn event(self) -> Result<Event> {
        Ok(Event {
            seq: Seq(self.seq),
            at: Millis(self.happened_at),
            kind: decode(EventKind::from_code(&self.kind), "event")?,
            actor: UserId::from_uuid(self.actor_id),
            target: UserId::from_uuid(self.target_id),
        })
    }
}
