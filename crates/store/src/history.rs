//! Stretches of a room's history: messages and events in the order of their places.

use crate::{Result, entities::messages, events};
use domain::{
    events::Event, history::PageAnchor, ids::RoomId, messages::Seq, wire::MAX_PAGE_ITEMS,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

/// Without a hole, and whether there is more on either side.
#[derive(Debug, Default)]
pub(crate) struct Stretch {
    pub messages: Vec<messages::Model>,
    pub events: Vec<Event>,
    pub has_older: bool,
    pub has_newer: bool,
}

/// At most [`MAX_PAGE_ITEMS`] messages and events.
pub(crate) async fn stretch(
    db: &impl ConnectionTrait,
    room: RoomId,
    anchor: PageAnchor,
) -> Result<Stretch> {
    let most = MAX_PAGE_ITEMS as usize;
    match anchor {
        PageAnchor::Newest => before(db, room, None, most).await,
        PageAnchor::Before(seq) => {
            let older = before(db, room, Some(seq), most).await?;
            let has_newer = from(db, room, seq, 0).await?.has_newer;
            Ok(Stretch { has_newer, ..older })
        }
        PageAnchor::After(seq) => {
            let next = Seq(seq.0.saturating_add(1));
            let newer = from(db, room, next, most).await?;
            if newer.len() == 0 {
                return before(db, room, None, most).await;
            }
            let has_older = before(db, room, Some(next), 0).await?.has_older;
            Ok(Stretch { has_older, ..newer })
        }
        PageAnchor::Around(seq) => {
            let newer = from(db, room, seq, most / 2).await?;
            let older = before(db, room, Some(seq), most - newer.len()).await?;
            Ok(older.and(newer))
        }
    }
}

impl Stretch {
    fn len(&self) -> usize {
        self.messages.len() + self.events.len()
    }

    /// Together with the stretch right after it.
    fn and(mut self, newer: Self) -> Self {
        self.messages.extend(newer.messages);
        self.events.extend(newer.events);
        Self { has_newer: newer.has_newer, ..self }
    }

    fn places(&self) -> Vec<i64> {
        let messages = self.messages.iter().map(|message| message.seq);
        let mut places: Vec<_> = messages.chain(self.events.iter().map(|it| it.seq.0)).collect();
        places.sort_unstable();
        places
    }

    fn retain(&mut self, keep: impl Fn(i64) -> bool) {
        self.messages.retain(|message| keep(message.seq));
        self.events.retain(|event| keep(event.seq.0));
    }
}

/// The last so many before a place, or of all.
async fn before(
    db: &impl ConnectionTrait,
    room: RoomId,
    before: Option<Seq>,
    most: usize,
) -> Result<Stretch> {
    let mut find = of(room);
    if let Some(before) = before {
        find = find.filter(messages::Column::Seq.lt(before.0));
    }
    let newest_first = find.order_by_desc(messages::Column::Seq);
    let mut messages = newest_first.limit(one_more(most)).all(db).await?;
    messages.reverse();
    let events = events::before(db, room, before, one_more(most)).await?;
    let mut found = Stretch { messages, events, ..Stretch::default() };
    let places = found.places();
    if let Some(cut) = places.len().checked_sub(most).filter(|cut| *cut > 0) {
        found.has_older = true;
        let kept = places.get(cut).copied();
        found.retain(|seq| kept.is_some_and(|first| seq >= first));
    }
    Ok(found)
}

/// The first so many from a place on.
async fn from(db: &impl ConnectionTrait, room: RoomId, from: Seq, most: usize) -> Result<Stretch> {
    let find = of(room).filter(messages::Column::Seq.gte(from.0));
    let messages = find.order_by_asc(messages::Column::Seq).limit(one_more(most)).all(db).await?;
    let events = events::from(db, room, from, one_more(most)).await?;
    let mut found = Stretch { messages, events, ..Stretch::default() };
    if let Some(beyond) = found.places().get(most).copied() {
        found.has_newer = true;
        found.retain(|seq| seq < beyond);
    }
    Ok(found)
}

fn of(room: RoomId) -> Select<messages::Entity> {
    messages::Entity::find().filter(messages::Column::RoomId.eq(room.uuid()))
}

/// One more than are shown tells whether there is more.
fn one_more(most: usize) -> u64 {
    u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1)
}
