//! Read positions. Kept in memory for a moment and written together: a room full of readers
//! costs one commit a second, not one each. A power cut costs that second's marks.

use crate::{Actor, Chat, MapStoreError, limits::RateLimit};
use domain::{
    error::AppError,
    ids::{RoomId, UserId},
    messages::Seq,
    policy::Action,
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::ReadMark;

#[derive(Debug, Default)]
pub(crate) struct Reads {
    waiting: Mutex<HashMap<UserId, HashMap<RoomId, Seq>>>,
    /// Held while they are written: others wait for what is on its way.
    writing: tokio::sync::Mutex<()>,
}

impl Reads {
    pub fn note(&self, mark: ReadMark) {
        let mut waiting = self.waiting();
        let of_user = waiting.entry(mark.user).or_default();
        let furthest = of_user.entry(mark.room).or_default();
        *furthest = mark.seq.max(*furthest);
    }

    /// Whether marks of the user are not stored yet.
    pub fn waits_for(&self, user: UserId) -> bool {
        self.waiting().contains_key(&user)
    }

    fn all(&self) -> Vec<ReadMark> {
        let waiting = self.waiting();
        let marks = waiting.iter().flat_map(|(user, rooms)| {
            rooms.iter().map(|(room, seq)| ReadMark { room: *room, user: *user, seq: *seq })
        });
        marks.collect()
    }

    /// These need not be written any more, unless their user has read on.
    fn forget(&self, marks: &[ReadMark]) {
        let mut waiting = self.waiting();
        for ReadMark { room, user, seq } in marks {
            let Some(rooms) = waiting.get_mut(user) else { continue };
            if rooms.get(room) == Some(seq) {
                rooms.remove(room);
            }
            if rooms.is_empty() {
                waiting.remove(user);
            }
        }
    }

    /// A panic while the lock was held leaves a map that is still whole.
    fn waiting(&self) -> MutexGuard<'_, HashMap<UserId, HashMap<RoomId, Seq>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chat {
    /// Remembers how far the person has read.
    pub async fn mark_read(&self, actor: &Actor, room: RoomId, seq: Seq) -> Result<(), AppError> {
        self.authorize(actor, room, Action::Read, RateLimit::None).await?;
        self.note_read(actor, room, seq);
        Ok(())
    }

    pub(crate) fn note_read(&self, actor: &Actor, room: RoomId, seq: Seq) {
        self.reads.note(ReadMark { room, user: actor.user(), seq });
    }

    /// Writes down what has been read since the last time: when it returns, so has everything noted
    /// before. What cannot be written waits for the next.
    pub async fn write_reads(&self) -> Result<(), AppError> {
        self.run_to_completion(|chat| async move {
            let _writing = chat.reads.writing.lock().await;
            let marks = chat.reads.all();
            let committed = chat.store.mark_read(&marks).await.map_store_error()?;
            chat.publish(committed).await;
            chat.reads.forget(&marks);
            Ok(())
        })
        .await
    }
}
