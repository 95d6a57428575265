//! What is kept of the database's answers: sessions, memberships, newest pages and lists of rooms. This program alone
//! writes the database, so publishing a commit says what it has changed ([`crate::publish`]). Commands of the operator
//! are other processes: what they change of a session is read within a minute, when its next use is stored.

use crate::{
    Chat, MapStoreError,
    read_cache::{DependsOn, ReadCache, Topic, Version, Versions},
    room_page::RoomPage,
};
use domain::{
    error::{AppError, What},
    history::PageAnchor,
    ids::{RoomId, SessionId, UserId},
    rooms::RoomSummary,
};
use quick_cache::sync::Cache;
use std::sync::Arc;
use store::{RoomAccess, Session};

/// At some 300 bytes each.
const MAX_SESSIONS: usize = 20_000;
/// At some 100 bytes each.
const MAX_MEMBERSHIPS: usize = 100_000;
/// 50 messages are some 30 KB and as much again as JSON; some 1.2 MB when they are the longest.
const MAX_PAGES: usize = 128;
const MAX_ROOM_LISTS: usize = 128;

pub(crate) type TokenHash = [u8; 32];

#[derive(Debug)]
pub(crate) struct Caches {
    pub versions: Arc<Versions>,
    pub sessions: SessionCache,
    /// Of members only: strangers could fill it.
    pub memberships: ReadCache<(RoomId, UserId), RoomAccess>,
    pub pages: ReadCache<RoomId, Arc<RoomPage>>,
    pub room_lists: ReadCache<UserId, Arc<[RoomSummary]>>,
}

impl Default for Caches {
    fn default() -> Self {
        let versions = Arc::<Versions>::default();
        Self {
            sessions: SessionCache::new(versions.clone()),
            memberships: ReadCache::new(MAX_MEMBERSHIPS, versions.clone()),
            pages: ReadCache::new(MAX_PAGES, versions.clone()),
            room_lists: ReadCache::new(MAX_ROOM_LISTS, versions.clone()),
            versions,
        }
    }
}

/// Sessions by the hash of their token, and by their id.
#[derive(Debug)]
pub(crate) struct SessionCache {
    by_token: ReadCache<TokenHash, Session>,
    /// A session keeps its token for as long as it lives.
    tokens: Cache<SessionId, TokenHash>,
}

impl SessionCache {
    fn new(versions: Arc<Versions>) -> Self {
        let by_token = ReadCache::new(MAX_SESSIONS, versions);
        Self { by_token, tokens: Cache::new(MAX_SESSIONS) }
    }

    pub fn get(&self, token: &TokenHash) -> Result<Session, Version> {
        self.by_token.get(token)
    }

    pub fn get_by_id(&self, id: SessionId) -> Option<Session> {
        self.by_token.get(&self.tokens.get(&id)?).ok()
    }

    pub fn insert(&self, asked: Version, token: TokenHash, session: Session) {
        self.tokens.insert(session.id, token);
        self.by_token.insert(asked, token, session);
    }
}

impl DependsOn<TokenHash> for Session {
    fn topics(&self, _: &TokenHash) -> impl Iterator<Item = Topic> {
        [Topic::Session(self.id), Topic::Account(self.viewer.id)].into_iter()
    }
}

impl DependsOn<(RoomId, UserId)> for RoomAccess {
    fn topics(&self, (room, _): &(RoomId, UserId)) -> impl Iterator<Item = Topic> {
        std::iter::once(Topic::Members(*room))
    }
}

impl DependsOn<RoomId> for Arc<RoomPage> {
    fn topics(&self, room: &RoomId) -> impl Iterator<Item = Topic> {
        std::iter::once(Topic::Room(*room))
    }
}

impl DependsOn<UserId> for Arc<[RoomSummary]> {
    fn topics(&self, user: &UserId) -> impl Iterator<Item = Topic> {
        let rooms = self.iter().map(|room| Topic::Room(room.id));
        std::iter::once(Topic::RoomList(*user)).chain(rooms)
    }
}

impl Chat {
    /// A page of a room's history, for those who may read it.
    pub(crate) async fn read_page(
        &self,
        room: RoomId,
        anchor: PageAnchor,
    ) -> Result<Arc<RoomPage>, AppError> {
        let read = async || {
            let page = self.store.page(room, anchor).await.map_store_error()?;
            page.map(|page| Arc::new(RoomPage::new(page))).ok_or(AppError::NotFound(What::Room))
        };
        if anchor != PageAnchor::Newest {
            return read().await;
        }
        let asked = match self.caches.pages.get(&room) {
            Ok(page) => return Ok(page),
            Err(asked) => asked,
        };
        let page = read().await?;
        self.caches.pages.insert(asked, room, page.clone());
        Ok(page)
    }

    /// The rooms that a user is in, the one with the newest activity first.
    pub(crate) async fn read_list(&self, user: UserId) -> Result<Vec<RoomSummary>, AppError> {
        // Read positions that are not stored yet make the list that is kept an old one.
        let counts = if self.reads.waits_for(user) { self.write_reads().await } else { Ok(()) };
        let asked = match self.caches.room_lists.get(&user) {
            Ok(list) => return Ok(list.to_vec()),
            Err(asked) => asked,
        };
        let list = self.store.rooms_of(user).await.map_store_error()?;
        // A list with old counts is better than none, but not worth keeping; why they could not be stored has been
        // logged.
        if counts.is_ok() {
            self.caches.room_lists.insert(asked, user, list.as_slice().into());
        }
        Ok(list)
    }
}
