//! The newest page of each room that was looked at lately, until something changes in it: a room that
//! many open is read from the database once for each change.

use crate::{Chat, OrProblem};
use domain::{ids::RoomId, messages::Seq, problem::Problem, wire::Page};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Beyond this many rooms it starts over; 50 lines are some 30 KB, and 600 KB when they are the longest.
const ROOMS_MOST: usize = 128;

#[derive(Debug, Default)]
pub(crate) struct Newest(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Counts the changes in all rooms.
    changes: u64,
    pages: HashMap<RoomId, Arc<Page>>,
}

impl Newest {
    /// The page, or how many changes there had been when it was asked for.
    fn get(&self, room: RoomId) -> Result<Arc<Page>, u64> {
        let state = self.state();
        state.pages.get(&room).cloned().ok_or(state.changes)
    }

    /// Remembers what the database answered; unless something has changed since it was asked, for that
    /// may have been in this room.
    fn remember(&self, asked: u64, room: RoomId, page: Arc<Page>) {
        let mut state = self.state();
        if state.changes != asked {
            return;
        }
        if state.pages.len() >= ROOMS_MOST {
            state.pages.clear();
        }
        state.pages.insert(room, page);
    }

    /// To be told after the commit, and before anybody hears of the change.
    pub fn forget(&self, room: RoomId) {
        let mut state = self.state();
        state.changes += 1;
        state.pages.remove(&room);
    }

    /// A panic while the lock was held leaves a map that is still whole.
    fn state(&self) -> MutexGuard<'_, State> {
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
        let read =
            async || self.store.page(room, before).await.or_problem()?.ok_or(Problem::NotFound);
        if before.is_some() {
            return read().await;
        }
        let asked = match self.newest.get(room) {
            Ok(page) => return Ok(Page::clone(&page)),
            Err(asked) => asked,
        };
        let page = read().await?;
        self.newest.remember(asked, room, Arc::new(page.clone()));
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::Epoch,
        messages::Rev,
        rooms::{Room, RoomTitle},
    };
    use uuid::Uuid;

    #[test]
    fn a_page_that_was_read_before_a_change_is_not_remembered_after_it() {
        let newest = Newest::default();
        let room = RoomId::from_uuid(Uuid::new_v4());
        let title = RoomTitle::parse("공부방").unwrap();
        let page = Arc::new(Page {
            about: Room { id: room, title, rev: Rev(1) },
            members: Vec::new(),
            messages: Vec::new(),
            has_older: false,
            has_newer: false,
            through: Rev(2),
            epoch: Epoch::from_uuid(Uuid::new_v4()),
        });
        let asked = newest.get(room).unwrap_err();
        newest.forget(room);
        newest.remember(asked, room, page.clone());
        let asked = newest.get(room).unwrap_err();
        newest.remember(asked, room, page.clone());
        assert_eq!(newest.get(room), Ok(page));
        newest.forget(room);
        assert!(newest.get(room).is_err());
    }
}
