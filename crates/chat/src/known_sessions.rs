//! Sessions that were asked for lately, so that a page or a socket costs no look into the database.
//! Whatever ends or uses a session says so here too. Commands of the operator are other processes: what they change
//! is read within a minute, when the next use is written down.

use domain::{
    ids::{PersonId, SessionId},
    people::Viewer,
    sessions::SessionTimes,
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::Session;

/// Beyond this many it starts over, at some 300 bytes each.
const KNOWN_MOST: usize = 20_000;

pub(crate) type TokenHash = [u8; 32];

#[derive(Debug, Default)]
pub(crate) struct KnownSessions(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Counts the sessions that have ended, and the people who have changed how they look.
    changed: u64,
    by_token: HashMap<TokenHash, Session>,
    tokens: HashMap<SessionId, TokenHash>,
}

/// How much had changed before the database was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked(u64);

impl KnownSessions {
    pub fn get(&self, token: &TokenHash) -> Option<Session> {
        self.state().by_token.get(token).cloned()
    }

    pub fn times(&self, id: SessionId) -> Option<SessionTimes> {
        let state = self.state();
        let token = state.tokens.get(&id)?;
        Some(state.by_token.get(token)?.times)
    }

    pub fn viewer(&self, id: SessionId) -> Option<Viewer> {
        let state = self.state();
        let token = state.tokens.get(&id)?;
        Some(state.by_token.get(token)?.viewer.clone())
    }

    pub fn asked(&self) -> Asked {
        Asked(self.state().changed)
    }

    /// Remembers what the database answered; unless something has changed since it was asked, for that may
    /// be this one.
    pub fn remember(&self, asked: Asked, token: TokenHash, session: Session) {
        let mut state = self.state();
        if state.changed != asked.0 {
            return;
        }
        if state.by_token.len() >= KNOWN_MOST {
            state.by_token.clear();
            state.tokens.clear();
        }
        state.tokens.insert(session.id, token);
        state.by_token.insert(token, session);
    }

    /// To be told once the database no longer has it, or has something else of it.
    pub fn forget(&self, id: SessionId) {
        let mut state = self.state();
        state.changed += 1;
        if let Some(token) = state.tokens.remove(&id) {
            state.by_token.remove(&token);
        }
    }

    /// The person looks different, has other notices, or all their sessions have ended: to be told after the
    /// commit.
    pub fn forget_person(&self, person: PersonId) {
        let State { changed, by_token, tokens } = &mut *self.state();
        *changed += 1;
        by_token.retain(|_, session| session.viewer.id != person);
        tokens.retain(|_, token| by_token.contains_key(token));
    }

    /// A panic while the lock was held leaves maps that are still whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{clock::Millis, people::DisplayName};
    use uuid::Uuid;

    fn session() -> Session {
        Session {
            id: SessionId::from_uuid(Uuid::new_v4()),
            viewer: Viewer {
                id: PersonId::from_uuid(Uuid::new_v4()),
                name: DisplayName::parse("민지").unwrap(),
                picture: None,
            },
            times: SessionTimes { opened_at: Millis(5), last_used_at: Millis(5) },
            has_unread_notices: false,
        }
    }

    #[test]
    fn a_session_that_ended_while_the_database_was_asked_is_not_remembered() {
        let known = KnownSessions::default();
        let session = session();
        let asked = known.asked();
        known.forget(session.id);
        known.remember(asked, [1; 32], session.clone());
        assert!(known.get(&[1; 32]).is_none());
        known.remember(known.asked(), [1; 32], session.clone());
        assert_eq!(known.get(&[1; 32]).map(|known| known.id), Some(session.id));
        assert_eq!(known.times(session.id), Some(session.times));
        known.forget(session.id);
        assert!(known.get(&[1; 32]).is_none() && known.times(session.id).is_none());
    }

    #[test]
    fn whoever_looks_different_is_asked_for_anew() {
        let known = KnownSessions::default();
        let (minji, junho) = (session(), session());
        known.remember(known.asked(), [1; 32], minji.clone());
        known.remember(known.asked(), [2; 32], junho.clone());
        let asked = known.asked();
        known.forget_person(minji.viewer.id);
        known.remember(asked, [1; 32], minji.clone());
        assert!(known.get(&[1; 32]).is_none() && known.viewer(minji.id).is_none());
        assert_eq!(known.viewer(junho.id), Some(junho.viewer));
    }
}
