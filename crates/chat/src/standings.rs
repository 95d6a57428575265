//! What people are to rooms, remembered: whoever talks is looked up once, not with every line. This
//! program alone writes the database, so whatever changes a membership or a room says so here.

use domain::ids::{PersonId, RoomId};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::RoomAccess;

/// Beyond this many it starts over, at some 60 bytes each.
const REMEMBERED_MOST: usize = 100_000;

/// Those who are known to be in.
#[derive(Debug, Default)]
pub(crate) struct Standings(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Counts what has been forgotten.
    changed: u64,
    count: usize,
    by_room: HashMap<RoomId, HashMap<PersonId, RoomAccess>>,
}

/// How much had changed before the database was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked(u64);

impl Standings {
    /// What is known, or the moment at which it was asked for.
    pub fn get(&self, room: RoomId, person: PersonId) -> Result<RoomAccess, Asked> {
        let state = self.state();
        let known = state.by_room.get(&room).and_then(|people| people.get(&person));
        known.copied().ok_or(Asked(state.changed))
    }

    /// Remembers what the database answered; unless something has changed since it was asked.
    pub fn remember(&self, asked: Asked, room: RoomId, person: PersonId, place: RoomAccess) {
        let mut state = self.state();
        if state.changed != asked.0 {
            return;
        }
        if state.count >= REMEMBERED_MOST {
            state.by_room.clear();
            state.count = 0;
        }
        if state.by_room.entry(room).or_default().insert(person, place).is_none() {
            state.count += 1;
        }
    }

    /// Something about this room, or about somebody in it, is no longer as it was. To be told after the
    /// commit, and before anybody hears of it.
    pub fn forget(&self, room: RoomId) {
        let mut state = self.state();
        state.changed += 1;
        state.count -= state.by_room.remove(&room).map_or(0, |people| people.len());
    }

    /// A panic while the lock was held leaves maps that are still whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{memberships::Role, policy::Standing, rooms::RoomKind};
    use uuid::Uuid;

    #[test]
    fn what_was_asked_for_before_a_change_is_not_remembered() {
        let standings = Standings::default();
        let (room, person) =
            (RoomId::from_uuid(Uuid::new_v4()), PersonId::from_uuid(Uuid::new_v4()));
        let place = RoomAccess { standing: Standing::In(Role::Member), kind: RoomKind::Open };
        let asked = standings.get(room, person).unwrap_err();
        standings.forget(room);
        standings.remember(asked, room, person, place);
        let asked = standings.get(room, person).unwrap_err();
        standings.remember(asked, room, person, place);
        standings.remember(asked, room, person, place);
        assert_eq!(standings.get(room, person), Ok(place));
        standings.forget(room);
        assert!(standings.get(room, person).is_err());
        assert_eq!(standings.state().count, 0);
    }
}
