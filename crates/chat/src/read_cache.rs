//! Answers of the database that are kept in memory for as long as nothing that they depend on has changed. Who asks for
//! one again is answered without a query.

use domain::ids::{RoomId, SessionId, UserId};
use quick_cache::sync::Cache;
use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

/// Beyond this many topics that have changed the versions start over, and every answer is asked for anew; at some 40
/// bytes each.
const MAX_TOPICS: usize = 100_000;

/// What an answer may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// Anything in a room's feed.
    Room(RoomId),
    /// What users are to a room, and what kind of room it is.
    Members(RoomId),
    /// Which rooms a user is in or invited into, and how far they have read.
    RoomList(UserId),
    Session(SessionId),
    /// What a user's sessions say of them: their profile, their notices, whether there are sessions at all.
    Account(UserId),
}

/// What the answers of a cache depend on.
pub(crate) trait DependsOn<K> {
    fn topics(&self, key: &K) -> impl Iterator<Item = Topic>;
}

/// How many changes there had been.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u64);

/// At which version each topic has changed last.
#[derive(Debug, Default)]
pub(crate) struct Versions(RwLock<Changes>);

#[derive(Debug, Default)]
struct Changes {
    now: Version,
    /// What was asked for before this is no longer known to be fresh.
    since: Version,
    by_topic: HashMap<Topic, Version>,
}

impl Versions {
    /// These have changed. Called after the commit, and before anyone hears of it.
    pub fn bump(&self, topics: impl IntoIterator<Item = Topic>) {
        let mut changes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let now = Version(changes.now.0 + 1);
        changes.now = now;
        for topic in topics {
            changes.by_topic.insert(topic, now);
        }
        if changes.by_topic.len() > MAX_TOPICS {
            *changes = Changes { now, since: now, by_topic: HashMap::new() };
        }
    }

    fn now(&self) -> Version {
        self.changes().now
    }

    /// Whether none of these has changed since an answer was asked for; else the version of now.
    fn is_fresh(
        &self,
        asked: Version,
        mut topics: impl Iterator<Item = Topic>,
    ) -> Result<(), Version> {
        let changes = self.changes();
        let has_changed =
            |topic| changes.by_topic.get(&topic).is_some_and(|changed| asked < *changed);
        if asked < changes.since || topics.any(has_changed) { Err(changes.now) } else { Ok(()) }
    }

    /// A panic while the lock was held leaves a map that is still whole.
    fn changes(&self) -> RwLockReadGuard<'_, Changes> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers by what was asked for, each with the version at which it was. Those that have been asked for least go first
/// when there are too many.
pub(crate) struct ReadCache<K, V> {
    answers: Cache<K, (Version, V)>,
    versions: Arc<Versions>,
}

impl<K: Eq + Hash, V: Clone + DependsOn<K>> ReadCache<K, V> {
    pub fn new(max_answers: usize, versions: Arc<Versions>) -> Self {
        Self { answers: Cache::new(max_answers), versions }
    }

    /// The answer, if it is still true; else the version of now, to be handed to [`Self::insert`] with what the
    /// database answers from here on.
    pub fn get(&self, key: &K) -> Result<V, Version> {
        let Some((asked, answer)) = self.answers.get(key) else { return Err(self.versions.now()) };
        self.versions.is_fresh(asked, answer.topics(key)).map(|()| answer)
    }

    /// Keeps what the database answered. A change that came meanwhile may be in it or not, so it counts as old.
    pub fn insert(&self, asked: Version, key: K, answer: V) {
        if self.versions.is_fresh(asked, answer.topics(&key)).is_ok() {
            self.answers.insert(key, (asked, answer));
        }
    }
}

impl<K, V> fmt::Debug for ReadCache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadCache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
