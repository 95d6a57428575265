//! A message as it is stored, and the pages of a room.

use crate::{
    Result, Store, changes::members_after, entities::messages, history::stretch, rooms::open_room,
    sql::decode,
};
use domain::{
    clock::Millis,
    history::{HistoryPage, PageAnchor},
    ids::{ClientId, MessageId, RoomId, UserId},
    messages::{Message, MessageText, Rev, Seq},
};
use sea_orm::ActiveValue::Set;
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
    /// A page of a room's history: messages and events, at most [`MAX_PAGE_ITEMS`](domain::wire::MAX_PAGE_ITEMS) together; with all who are or were
    /// members. None when there is no such room.
    pub async fn page(&self, room: RoomId, anchor: PageAnchor) -> Result<Option<HistoryPage>> {
        let snapshot = self.begin_snapshot().await?;
        let Some(row) = open_room(&snapshot, room).await? else { return Ok(None) };
        let stretch = stretch(&snapshot, room, anchor).await?;
        let members = members_after(&snapshot, room, Rev(0), None).await?;
        snapshot.commit().await?;
        let messages = stretch.messages.into_iter().map(messages::Model::message);
        Ok(Some(HistoryPage {
            details: row.room()?,
            members,
            messages: messages.collect::<Result<_>>()?,
            events: stretch.events,
            has_older: stretch.has_older,
            has_newer: stretch.has_newer,
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
