//! What people are to rooms, remembered: whoever talks is looked up once, not with every line. This
//! program alone writes the database, and nothing in it ends a membership.

use crate::{Actor, Chat, OrProblem};
use domain::{
    ids::{PersonId, RoomId},
    policy::Standing,
    problem::Problem,
};
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Beyond this many it starts over, at some 40 bytes each.
const REMEMBERED_MOST: usize = 100_000;

/// Those who are known to be in.
#[derive(Debug, Default)]
pub(crate) struct Standings(Mutex<HashSet<(RoomId, PersonId)>>);

impl Standings {
    fn is_member(&self, room: RoomId, person: PersonId) -> bool {
        self.members().contains(&(room, person))
    }

    fn remember(&self, room: RoomId, person: PersonId) {
        let mut members = self.members();
        if members.len() >= REMEMBERED_MOST {
            members.clear();
        }
        members.insert((room, person));
    }

    /// A panic while the lock was held leaves a set that is still whole.
    fn members(&self) -> MutexGuard<'_, HashSet<(RoomId, PersonId)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chat {
    pub(crate) async fn standing(&self, actor: &Actor, room: RoomId) -> Result<Standing, Problem> {
        let person = actor.person();
        if self.standings.is_member(room, person) {
            return Ok(Standing::Member);
        }
        let standing = self.store.standing(room, person).await.or_problem()?;
        if standing == Some(Standing::Member) {
            self.standings.remember(room, person);
        }
        standing.ok_or(Problem::NotFound)
    }

    /// Goes on if the person may, and otherwise as if there were no such room.
    pub(crate) async fn allow(
        &self,
        actor: &Actor,
        room: RoomId,
        may: impl Fn(Standing) -> bool,
    ) -> Result<(), Problem> {
        let standing = self.standing(actor, room).await?;
        if may(standing) { Ok(()) } else { Err(Problem::NotFound) }
    }
}
