//! A message as it is stored, and the pages of a room.

use crate::{
    Result, Store,
    changes::members_after,
    entities::messages,
    history::stretch,
    rooms::open_room,
    sql::{decode, execute},
    sqlite::rows,
};
use domain::{
    clock::Millis,
    history::{HistoryPage, PageAnchor},
    ids::{ClientId, MessageId, RoomId, UserId},
    messages::{Message, MessageText, Rev, Seq},
};
use sea_orm::{DatabaseTransaction, Value};
use std::iter::repeat_n;
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

    fn values(&self, message: &Message) -> [Value; COLUMNS] {
        [
            message.id.uuid().into(),
            self.room.uuid().into(),
            self.author.uuid().into(),
            self.client_id.uuid().into(),
            self.sent_hash.to_vec().into(),
            message.text.as_str().into(),
            message.at.0.into(),
            message.seq.0.into(),
            message.rev.0.into(),
        ]
    }
}

const COLUMNS: usize = 9;

/// Stores messages with the numbers that they have been given, in one statement. It comes in one form for each power of
/// two, which is prepared once and kept: rows without an id fill it up.
pub(crate) async fn insert_all(
    transaction: &DatabaseTransaction,
    new: &[&NewMessage],
    messages: &[Message],
) -> Result<()> {
    let most = new.len().next_power_of_two();
    let sql = format!(
        "WITH new(id, room_id, author_id, client_id, sent_hash, text, posted_at, seq, rev) AS (VALUES {})
        INSERT INTO messages (id, room_id, author_id, client_id, sent_hash, text, posted_at, seq, rev)
        SELECT id, room_id, author_id, client_id, sent_hash, text, posted_at, seq, rev FROM new WHERE id IS NOT NULL",
        rows(most, COLUMNS)
    );
    let values = new.iter().zip(messages).flat_map(|(new, message)| new.values(message));
    let nothing = repeat_n(Value::Uuid(None), (most - new.len()) * COLUMNS);
    execute(transaction, sql, values.chain(nothing)).await?;
    Ok(())
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
