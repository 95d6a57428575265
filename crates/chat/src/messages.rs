//! Saying something, and reading what was said. Every room is reached through the membership: to
//! somebody who is not in it, it is not there.

use crate::{Actor, Chat, OrProblem};
use domain::{
    ids::{ClientId, Epoch, RoomId},
    messages::{Message, MessageText, Rev, Seq},
    policy::Action,
    problem::Problem,
    wire::{Cursor, Page},
};
use sha2::{Digest, Sha256};
use store::{Changed, NewMessage, Posted, Posting};

/// How a client that was away goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resumed {
    /// These are the changes since.
    Changed(Changed),
    /// Its copy is of another life of the database.
    Reset,
}

impl Chat {
    /// Keeps a message and tells the room. When it returns, the message is on disk.
    pub async fn post(
        &self,
        actor: &Actor,
        room: RoomId,
        client_id: ClientId,
        text: MessageText,
    ) -> Result<Message, Problem> {
        let posting = self.hand_in(actor, room, client_id, text).await?;
        self.written(actor, room, posting).await
    }

    /// The first half of [`Chat::post`]: the message has its place behind all that were handed in before,
    /// so that a person's lines keep their order without each waiting for the disk.
    pub async fn hand_in(
        &self,
        actor: &Actor,
        room: RoomId,
        client_id: ClientId,
        text: MessageText,
    ) -> Result<Posting, Problem> {
        self.allow(actor, room, Action::Post).await?;
        self.limits.post(actor.person(), text.as_str().len())?;
        let sent_hash = sent_hash(room, &text);
        let at = self.now();
        let new = NewMessage { room, author: actor.person(), client_id, text, sent_hash, at };
        self.writer.hand_in(new).or_problem()
    }

    /// The second half: waits until the message is on disk and the room has been told.
    pub async fn written(
        &self,
        actor: &Actor,
        room: RoomId,
        posting: Posting,
    ) -> Result<Message, Problem> {
        match posting.written().await.or_problem()? {
            Posted::Stored(message) => {
                // Whoever answers has read.
                self.note_read(actor, room, message.seq);
                Ok(message)
            }
            Posted::Conflict => Err(Problem::Conflict),
            Posted::NotMember => Err(Problem::NotFound),
        }
    }

    /// A page of a room's history: the newest lines, or those before a place.
    pub async fn page(
        &self,
        actor: &Actor,
        room: RoomId,
        before: Option<Seq>,
    ) -> Result<Page, Problem> {
        self.limits.read_room(actor.person())?;
        self.allow(actor, room, Action::Read).await?;
        self.read_page(room, before).await
    }

    /// What changed in a room after a number, for a client that asks.
    pub async fn changes(
        &self,
        actor: &Actor,
        room: RoomId,
        after: Rev,
    ) -> Result<Changed, Problem> {
        self.limits.read_room(actor.person())?;
        self.missed(actor, room, after).await
    }

    /// The same for a client that has not been told: however often, it did not ask for it.
    pub async fn missed(
        &self,
        actor: &Actor,
        room: RoomId,
        after: Rev,
    ) -> Result<Changed, Problem> {
        self.allow(actor, room, Action::Read).await?;
        self.store.changes(room, after).await.or_problem()?.ok_or(Problem::NotFound)
    }

    /// Where a client that comes back goes on from.
    pub async fn resume(
        &self,
        actor: &Actor,
        epoch: Option<Epoch>,
        cursor: Cursor,
    ) -> Result<Resumed, Problem> {
        let changed = self.changes(actor, cursor.room, cursor.after).await?;
        let same_life = epoch == Some(self.epoch());
        let known = same_life && cursor.after <= changed.head;
        Ok(if known { Resumed::Changed(changed) } else { Resumed::Reset })
    }
}

fn sent_hash(room: RoomId, text: &MessageText) -> [u8; 32] {
    let hasher = Sha256::new().chain_update(room.uuid().as_bytes());
    hasher.chain_update(text.as_str()).finalize().into()
}
