//! The newest page of each room that was looked at lately, good for as long as the room's head stays: a
//! room that many open is read from the database once for each change.

use crate::{Chat, OrProblem};
use domain::{ids::RoomId, messages::Seq, problem::Problem, wire::Page};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Beyond this many rooms it starts over; 50 lines are some 30 KB, and 200 KB when they are the longest.
const ROOMS_MOST: usize = 128;

#[derive(Debug, Default)]
pub(crate) struct Newest(Mutex<HashMap<RoomId, Arc<Page>>>);

impl Newest {
    fn get(&self, room: RoomId) -> Option<Arc<Page>> {
        self.pages().get(&room).cloned()
    }

    fn remember(&self, room: RoomId, page: Arc<Page>) {
        let mut pages = self.pages();
        if pages.len() >= ROOMS_MOST {
            pages.clear();
        }
        pages.insert(room, page);
    }

    /// A panic while the lock was held leaves a map that is still whole.
    fn pages(&self) -> MutexGuard<'_, HashMap<RoomId, Arc<Page>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chat {
    /// A page of a room's history, for those who may read it.
    pub(crate) async fn read_page(
        &self,
        room: RoomId,
        before: Option<Seq>,
    ) -> Result<Page, Problem> {
        if before.is_some() {
            return self.store.page(room, before).await.or_problem()?.ok_or(Problem::NotFound);
        }
        let head = self.store.head(room).await.or_problem()?.ok_or(Problem::NotFound)?;
        if let Some(page) = self.newest.get(room).filter(|page| page.through == head) {
            return Ok(Page::clone(&page));
        }
        let page = self.store.page(room, None).await.or_problem()?.ok_or(Problem::NotFound)?;
        self.newest.remember(room, Arc::new(page.clone()));
        Ok(page)
    }
}
