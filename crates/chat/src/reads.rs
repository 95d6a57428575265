//! How far people have read. Kept in memory for a moment and written together: a room full of readers
//! costs one commit a second, not one each. A power cut costs nobody more than that second's marks.

use crate::{Actor, Chat, OrProblem};
use domain::{
    ids::{PersonId, RoomId},
    messages::Seq,
    policy::Action,
    problem::Problem,
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::ReadMark;

#[derive(Debug, Default)]
pub(crate) struct Reads {
    waiting: Mutex<HashMap<(RoomId, PersonId), Seq>>,
    /// Held by whoever writes: others wait for what is on its way.
    writing: tokio::sync::Mutex<()>,
}

impl Reads {
    pub fn note(&self, mark: ReadMark) {
        let mut waiting = self.waiting();
        let furthest = waiting.entry((mark.room, mark.person)).or_default();
        *furthest = mark.seq.max(*furthest);
    }

    fn all(&self) -> Vec<ReadMark> {
        let waiting = self.waiting();
        waiting
            .iter()
            .map(|((room, person), seq)| ReadMark { room: *room, person: *person, seq: *seq })
            .collect()
    }

    /// These need not be written any more, unless somebody has read on.
    fn forget(&self, marks: &[ReadMark]) {
        let mut waiting = self.waiting();
        for ReadMark { room, person, seq } in marks {
            if waiting.get(&(*room, *person)) == Some(seq) {
                waiting.remove(&(*room, *person));
            }
        }
    }

    /// A panic while the lock was held leaves a map that is still whole.
    fn waiting(&self) -> MutexGuard<'_, HashMap<(RoomId, PersonId), Seq>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chat {
    /// Remembers how far the person has read.
    pub async fn mark_read(&self, actor: &Actor, room: RoomId, seq: Seq) -> Result<(), Problem> {
        self.allow(actor, room, Action::Read).await?;
        self.note_read(actor, room, seq);
        Ok(())
    }

    pub(crate) fn note_read(&self, actor: &Actor, room: RoomId, seq: Seq) {
        self.reads.note(ReadMark { room, person: actor.person(), seq });
        self.lately.person_changed(actor.person());
    }

    /// Writes down what has been read since the last time: when it returns, so has everything noted
    /// before. What cannot be written waits for the next.
    pub async fn write_reads(&self) -> Result<(), Problem> {
        let _writing = self.reads.writing.lock().await;
        let marks = self.reads.all();
        self.store.mark_read(&marks).await.or_problem()?;
        self.reads.forget(&marks);
        Ok(())
    }
}
