//! Reading a room's history, a page at a time.

use crate::{
    Result, Store, changes::members_after, entities::messages, events, rooms::open_room,
    sql::decode,
};
use domain::{
    clock::Millis,
    ids::{ClientId, MessageId, RoomId, UserId},
    messages::{Message, MessageText, Rev, Seq},
    wire::{HistoryPage, MAX_PAGE_ITEMS},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// A message on its way into the database.
#[derive(Debug, Clone)]
pub struct NewMessage {
    pub room: RoomId,
    pub author: UserId,
    pub client_id: ClientId,
    pub text: MessageText,
    /// SHA-256 of room and text: what tells a retry from another message under the same id.
    pub sent_hash: [u8; 32],
    pub at: Millis,
}

impl Store {
    /// The newest messages and events of a room, or those before a place, at most [`MAX_PAGE_ITEMS`] together;
    /// with all who are or were members. None when there is no such room.
    pub async fn page(&self, room: RoomId, before: Option<Seq>) -> Result<Option<HistoryPage>> {
        let snapshot = self.begin_snapshot().await?;
        let Some(row) = open_room(&snapshot, room).await? else { return Ok(None) };
        let mut find = messages::Entity::find().filter(messages::Column::RoomId.eq(room.uuid()));
        if let Some(before) = before {
            find = find.filter(messages::Column::Seq.lt(before.0));
        }
        let newest_first = find.order_by_desc(messages::Column::Seq);
        let mut found = newest_first.limit(u64::from(MAX_PAGE_ITEMS) + 1).all(&snapshot).await?;
        found.reverse();
        let mut happened = events::before(&snapshot, room, before, MAX_PAGE_ITEMS + 1).await?;
        let places = found.iter().map(|message| message.seq);
        let from = beginning(places.chain(happened.iter().map(|event| event.seq.0)));
        found.retain(|message| from.is_none_or(|from| message.seq >= from));
        happened.retain(|event| from.is_none_or(|from| event.seq.0 >= from));
        let members = members_after(&snapshot, room, Rev(0), None).await?;
        snapshot.commit().await?;
        Ok(Some(HistoryPage {
            details: row.room()?,
            members,
            messages: found.into_iter().map(messages::Model::message).collect::<Result<_>>()?,
            events: happened,
            has_older: from.is_some(),
            has_newer: before.is_some_and(|before| row.head >= before.0),
            through: Rev(row.head),
            epoch: self.epoch,
        }))
    }

    /// The number of the room's latest change. None when there is no such room.
    pub async fn head(&self, room: RoomId) -> Result<Option<Rev>> {
        let row = open_room(&self.read, room).await?;
        Ok(row.map(|row| Rev(row.head)))
    }
}

/// Where a page begins that has room for the last [`MAX_PAGE_ITEMS`] of these places. None when it holds all.
fn beginning(places: impl Iterator<Item = i64>) -> Option<i64> {
    let mut places = places.collect::<Vec<_>>();
    let cut = places.len().checked_sub(MAX_PAGE_ITEMS as usize).filter(|cut| *cut > 0)?;
    places.sort_unstable();
    places.get(cut).copied()
}

impl NewMessage {
    /// The message that it becomes at a place in its room.
    pub(crate) fn numbered(&self, seq: i64) -> Message {
        Message {
            id: MessageId::from_uuid(Uuid::now_v7()),
            client_id: self.client_id,
            author: self.author,
            text: self.text.clone(),
            at: self.at,
            seq: Seq(seq),
            rev: Rev(seq),
        }
    }

    pub(crate) fn row(&self, message: &Message) -> messages::ActiveModel {
        messages::ActiveModel {
            id: Set(message.id.uuid()),
            room_id: Set(self.room.uuid()),
            author_id: Set(self.author.uuid()),
            client_id: Set(self.client_id.uuid()),
            sent_hash: Set(self.sent_hash.to_vec()),
            text: Set(message.text.as_str().to_owned()),
            posted_at: Set(message.at.0),
            seq: Set(message.seq.0),
            rev: Set(message.rev.0),
        }
    }
}

impl messages::Model {
    pub(crate) fn message(self) -> Result<Message> {
        Ok(Message {
            id: MessageId::from_uuid(self.id),
            client_id: ClientId::from_uuid(self.client_id),
            author: UserId::from_uuid(self.author_id),
            text: decode(MessageText::parse(&self.text).ok(), "text")?,
            at: Millis(self.posted_at),
            seq: Seq(self.seq),
            rev: Rev(self.rev),
        })
    }
}
