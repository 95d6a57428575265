//! What was looked at lately, the newest page of a room and somebody's list of rooms, as long as nothing
//! in it has changed: it is read from the database once for each change, not for each look.

use crate::{Chat, OrProblem};
use domain::{
    ids::{PersonId, RoomId},
    messages::Seq,
    problem::Problem,
    rooms::RoomSummary,
    wire::Page,
};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Beyond this many of a kind it starts over; 50 lines are some 30 KB, and 600 KB when they are the longest.
const LOOKS_MOST: usize = 128;
/// Beyond this many changes it starts over, at some 40 bytes each.
const CHANGES_MOST: usize = 100_000;

#[derive(Debug, Default)]
pub(crate) struct Lately(Mutex<State>);

/// How many changes there had been.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u64);

/// What the database said when it was asked at that moment. A later change may be in it or not.
#[derive(Debug)]
struct Look<T: ?Sized> {
    asked: Moment,
    seen: Arc<T>,
}

#[derive(Debug, Default)]
struct State {
    now: Moment,
    /// Which changes were the last ones; what was before `since` is no longer known.
    since: Moment,
    rooms: HashMap<RoomId, Moment>,
    people: HashMap<PersonId, Moment>,
    pages: HashMap<RoomId, Look<Page>>,
    lists: HashMap<PersonId, Look<[RoomSummary]>>,
}

impl Lately {
    /// Something has changed in the room. To be told after the commit, and before anybody hears of it.
    pub fn room_changed(&self, room: RoomId) {
        let mut state = self.state();
        let now = state.passes();
        state.rooms.insert(room, now);
    }

    /// Something has changed for this person alone: which rooms they are in, or how far they have read.
    pub fn person_changed(&self, person: PersonId) {
        let mut state = self.state();
        let now = state.passes();
        state.people.insert(person, now);
    }

    /// The page, or the moment at which it was asked for.
    fn page(&self, room: RoomId) -> Result<Arc<Page>, Moment> {
        let state = self.state();
        let look = state.pages.get(&room).filter(|look| state.rooms.is_as_seen(&room, look.asked));
        look.map(|look| look.seen.clone()).ok_or(state.now)
    }

    fn remember_page(&self, asked: Moment, room: RoomId, seen: Arc<Page>) {
        let state = &mut *self.state();
        state.pages.remember(state.since, room, Look { asked, seen });
    }

    /// The list, or the moment at which it was asked for.
    fn list(&self, person: PersonId) -> Result<Arc<[RoomSummary]>, Moment> {
        let state = self.state();
        let look = state.lists.get(&person).filter(|look| {
            state.people.is_as_seen(&person, look.asked)
                && look.seen.iter().all(|room| state.rooms.is_as_seen(&room.id, look.asked))
        });
        look.map(|look| look.seen.clone()).ok_or(state.now)
    }

    fn remember_list(&self, asked: Moment, person: PersonId, seen: Arc<[RoomSummary]>) {
        let state = &mut *self.state();
        state.lists.remember(state.since, person, Look { asked, seen });
    }

    /// A panic while the lock was held leaves maps that are still whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The moment of a change that happens now.
    fn passes(&mut self) -> Moment {
        let now = Moment(self.now.0 + 1);
        if self.rooms.len() + self.people.len() >= CHANGES_MOST {
            *self = Self { since: now, ..Self::default() };
        }
        self.now = now;
        now
    }
}

trait Changes<K> {
    /// Whether it has not changed since the moment at which it was asked for.
    fn is_as_seen(&self, key: &K, asked: Moment) -> bool;
}

impl<K: Eq + Hash> Changes<K> for HashMap<K, Moment> {
    fn is_as_seen(&self, key: &K, asked: Moment) -> bool {
        self.get(key).is_none_or(|changed| *changed <= asked)
    }
}

trait Looks<K, T: ?Sized> {
    fn remember(&mut self, since: Moment, key: K, look: Look<T>);
}

impl<K: Eq + Hash, T: ?Sized> Looks<K, T> for HashMap<K, Look<T>> {
    fn remember(&mut self, since: Moment, key: K, look: Look<T>) {
        if look.asked < since {
            return;
        }
        if self.len() >= LOOKS_MOST {
            self.clear();
        }
        self.insert(key, look);
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
        let asked = match self.caches.lately.page(room) {
            Ok(page) => return Ok(Page::clone(&page)),
            Err(asked) => asked,
        };
        let page = read().await?;
        self.caches.lately.remember_page(asked, room, Arc::new(page.clone()));
        Ok(page)
    }

    /// The rooms that a person is in, the one with the newest activity first.
    pub(crate) async fn read_list(&self, person: PersonId) -> Result<Vec<RoomSummary>, Problem> {
        // Counts that are not stored yet make the list that is remembered an old one.
        let counts = if self.reads.waits_for(person) { self.write_reads().await } else { Ok(()) };
        let asked = match self.caches.lately.list(person) {
            Ok(list) => return Ok(list.to_vec()),
            Err(asked) => asked,
        };
        let list = self.store.rooms_of(person).await.or_problem()?;
        // A list with old counts is better than none, but not worth remembering; why they could not be
        // written has been logged.
        if counts.is_ok() {
            self.caches.lately.remember_list(asked, person, list.as_slice().into());
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        clock::Millis,
        ids::Epoch,
        messages::Rev,
        rooms::{Room, RoomKind, RoomTitle},
    };
    use uuid::Uuid;

    fn room() -> (RoomId, RoomTitle) {
        (RoomId::from_uuid(Uuid::new_v4()), RoomTitle::parse("공부방").unwrap())
    }

    fn list(rooms: &[RoomId]) -> Arc<[RoomSummary]> {
        let (_, title) = room();
        let summary = |id: &RoomId| RoomSummary {
            id: *id,
            title: Some(title.clone()),
            with: None,
            picture: None,
            last: None,
            active_at: Millis(0),
            unread: 0,
            invited_by: None,
        };
        rooms.iter().map(summary).collect()
    }

    #[test]
    fn a_page_that_was_asked_for_before_a_change_is_not_shown_after_it() {
        let lately = Lately::default();
        let (id, title) = room();
        let page = Arc::new(Page {
            about: Room {
                id,
                kind: RoomKind::Open,
                title: Some(title),
                picture: None,
                rev: Rev(1),
            },
            members: Vec::new(),
            messages: Vec::new(),
            events: Vec::new(),
            has_older: false,
            has_newer: false,
            through: Rev(2),
            epoch: Epoch::from_uuid(Uuid::new_v4()),
        });
        let asked = lately.page(id).unwrap_err();
        lately.room_changed(id);
        lately.remember_page(asked, id, page.clone());
        let asked = lately.page(id).unwrap_err();
        lately.remember_page(asked, id, page.clone());
        assert_eq!(lately.page(id), Ok(page.clone()));
        lately.room_changed(room().0);
        assert_eq!(lately.page(id), Ok(page), "another room is no reason");
        lately.room_changed(id);
        assert!(lately.page(id).is_err());
    }

    #[test]
    fn a_list_lasts_until_one_of_its_rooms_or_its_reader_changes() {
        let lately = Lately::default();
        let (person, [inside, outside]) =
            (PersonId::from_uuid(Uuid::new_v4()), [room().0, room().0]);
        let remember = || {
            let asked = lately.list(person).unwrap_err();
            lately.remember_list(asked, person, list(&[inside]));
        };
        remember();
        lately.room_changed(outside);
        assert_eq!(lately.list(person), Ok(list(&[inside])));
        lately.room_changed(inside);
        remember();
        lately.person_changed(person);
        remember();
        let asked = lately.list(person).unwrap();
        assert_eq!(asked, list(&[inside]));
    }

    #[test]
    fn what_was_asked_for_before_changes_were_forgotten_is_not_remembered() {
        let lately = Lately::default();
        let person = PersonId::from_uuid(Uuid::new_v4());
        let asked = lately.list(person).unwrap_err();
        lately.person_changed(person);
        for _ in 0..CHANGES_MOST {
            lately.room_changed(room().0);
        }
        lately.remember_list(asked, person, list(&[]));
        assert!(lately.list(person).is_err());
    }
}
