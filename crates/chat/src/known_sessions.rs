//! Sessions that were asked for lately, so that a page or a socket costs no look into the database.
//! Whatever ends or uses a session says so here too; this program alone writes the database.

use domain::{clock::Millis, ids::SessionId};
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
    /// Counts the sessions that have ended.
    ended: u64,
    by_token: HashMap<TokenHash, Session>,
    tokens: HashMap<SessionId, TokenHash>,
}

/// How many sessions had ended before the database was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked(u64);

impl KnownSessions {
    pub fn get(&self, token: &TokenHash) -> Option<Session> {
        self.state().by_token.get(token).cloned()
    }

    pub fn last_used(&self, id: SessionId) -> Option<Millis> {
        let state = self.state();
        let token = state.tokens.get(&id)?;
        Some(state.by_token.get(token)?.last_used_at)
    }

    pub fn asked(&self) -> Asked {
        Asked(self.state().ended)
    }

    /// Remembers what the database answered; unless a session has ended since it was asked, for that may
    /// be this one.
    pub fn remember(&self, asked: Asked, token: TokenHash, session: Session) {
        let mut state = self.state();
        if state.ended != asked.0 {
            return;
        }
        if state.by_token.len() >= KNOWN_MOST {
            state.by_token.clear();
            state.tokens.clear();
        }
        state.tokens.insert(session.id, token);
        state.by_token.insert(token, session);
    }

    pub fn used(&self, id: SessionId, at: Millis) {
        let State { by_token, tokens, .. } = &mut *self.state();
        if let Some(session) = tokens.get(&id).and_then(|token| by_token.get_mut(token)) {
            session.last_used_at = at.max(session.last_used_at);
        }
    }

    /// To be told once the database no longer has it.
    pub fn forget(&self, id: SessionId) {
        let mut state = self.state();
        state.ended += 1;
        if let Some(token) = state.tokens.remove(&id) {
            state.by_token.remove(&token);
        }
    }

    /// A panic while the lock was held leaves maps that are still whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ids::PersonId, people::DisplayName};
    use uuid::Uuid;

    fn session() -> Session {
        Session {
            id: SessionId::from_uuid(Uuid::new_v4()),
            person: PersonId::from_uuid(Uuid::new_v4()),
            name: DisplayName::parse("민지").unwrap(),
            last_used_at: Millis(5),
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
        known.used(session.id, Millis(9));
        known.used(session.id, Millis(7));
        assert_eq!(known.get(&[1; 32]).map(|session| session.last_used_at), Some(Millis(9)));
        assert_eq!(known.last_used(session.id), Some(Millis(9)));
        known.forget(session.id);
        assert!(known.get(&[1; 32]).is_none() && known.last_used(session.id).is_none());
    }
}
