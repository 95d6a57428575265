//! Posting messages, and reading a room's history and changes. To a user who is no member a room does not exist.

use crate::{Actor, Chat, Heads, MapStoreError, limits::RateLimit};
use domain::{
    error::{AppError, What},
    history::{HistoryPage, PageAnchor},
    ids::{ClientId, Epoch, RoomId},
    messages::{Message, MessageText, Rev},
    policy::Action,
    wire::Cursor,
};
use sha2::{Digest, Sha256};
use store::{Changed, Command, NewMessage, Posted, Receipt};

/// How a client that was away goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resumed {
    /// These are the changes since.
    Changed(Changed),
    /// Its copy is of another life of the database.
    Reset,
}

impl Chat {
    /// Stores a message and publishes it. When it returns, the message is on disk.
    pub async fn post(
        &self,
        actor: &Actor,
        room: RoomId,
        client_id: ClientId,
        text: MessageText,
    ) -> Result<Message, AppError> {
        let receipt = self.enqueue(actor, room, client_id, text).await?;
        self.await_receipt(actor, room, receipt).await
    }

    /// The first half of [`Chat::post`]: the message has its place behind all that were enqueued before, so that a
    /// user's messages keep their order without each waiting for the disk.
    pub async fn enqueue(
        &self,
        actor: &Actor,
        room: RoomId,
        client_id: ClientId,
        text: MessageText,
    ) -> Result<Receipt, AppError> {
        let limit = RateLimit::Post { text_bytes: text.as_str().len() };
        self.authorize(actor, room, Action::Post, limit).await?;
        let sent_hash = sent_hash(room, &text);
        let at = self.now();
        let new = NewMessage { room, author: actor.user(), client_id, text, sent_hash, at };
        self.writer.enqueue(Command::Post(new)).map_store_error()
    }

    /// The second half: waits until the message is on disk and has been published.
    pub async fn await_receipt(
        &self,
        actor: &Actor,
        room: RoomId,
        receipt: Receipt,
    ) -> Result<Message, AppError> {
        match receipt.await.map_store_error()? {
            Posted::Stored(message) => {
                // Posting marks the room as read up to this message.
                self.note_read(actor, room, message.seq);
                Ok(message)
            }
            Posted::Conflict => Err(AppError::Conflict),
            Posted::NotMember => Err(AppError::NotFound(What::Room)),
        }
    }

    /// A page of a room's history.
    pub async fn page(
        &self,
        actor: &Actor,
        room: RoomId,
        anchor: PageAnchor,
    ) -> Result<HistoryPage, AppError> {
        self.authorize(actor, room, Action::Read, RateLimit::ReadRoom).await?;
        self.read_page(room, anchor).await.map(|page| HistoryPage::clone(&page))
    }

    /// What changed in a room after a number, for a client that asks.
    pub async fn changes(
        &self,
        actor: &Actor,
        room: RoomId,
        after: Rev,
    ) -> Result<Changed, AppError> {
        self.read_changes(actor, room, after, RateLimit::ReadRoom).await
    }

    /// As [`Self::changes`] for a connection that lagged: not limited, since the client did not ask.
    pub async fn changes_after_lag(
        &self,
        actor: &Actor,
        room: RoomId,
        after: Rev,
    ) -> Result<Changed, AppError> {
        self.read_changes(actor, room, after, RateLimit::None).await
    }

    async fn read_changes(
        &self,
        actor: &Actor,
        room: RoomId,
        after: Rev,
        limit: RateLimit,
    ) -> Result<Changed, AppError> {
        self.authorize(actor, room, Action::Read, limit).await?;
        self.store
            .changes(room, after)
            .await
            .map_store_error()?
            .ok_or(AppError::NotFound(What::Room))
    }

    /// Where a client that comes back goes on from. Most miss nothing: what their connection learned when it subscribed
    /// says so without a query.
    pub async fn resume(
        &self,
        actor: &Actor,
        epoch: Option<Epoch>,
        cursor: Cursor,
        heads: &Heads,
    ) -> Result<Resumed, AppError> {
        let same_life = epoch == Some(self.epoch());
        if same_life && heads.is_at(cursor) {
            return Ok(Resumed::Changed(Changed::nothing_since(cursor)));
        }
        let changed = self.changes(actor, cursor.room, cursor.after).await?;
        let known = same_life && cursor.after <= changed.head;
        Ok(if known { Resumed::Changed(changed) } else { Resumed::Reset })
    }
}

fn sent_hash(room: RoomId, text: &MessageText) -> [u8; 32] {
    let hasher = Sha256::new().chain_update(room.uuid().as_bytes());
    hasher.chain_update(text.as_str()).finalize().into()
}
