//! Storing the messages of one transaction: those that were stored before are answered as they are, those of authors
//! who are no members are refused, the rest takes the next numbers of its room.

use crate::{
    NewMessage, Result,
    chunks::padded,
    entities::messages,
    feed::RoomFeed,
    sql::{query, query_values},
    sqlite::rows,
};
use domain::{
    ids::{ClientId, RoomId, UserId},
    messages::Message,
    wire::ChangeSet,
};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// It is on disk: written now, or known from an earlier try.
    Stored(Message),
    /// The same author sent something else under the same id.
    Conflict,
    /// There is no such room, or the author is no longer in it: they left, were removed, banned or suspended
    /// after the permission check.
    NotMember,
}

type SentUnder = (UserId, ClientId);

struct Sent {
    hash: Vec<u8>,
    message: Message,
}

/// The messages that are stored, by author and client id.
pub(super) struct Posts(HashMap<SentUnder, Sent>);

impl Posts {
    /// Stores what is new among these, in their order, and answers what to publish once it is committed.
    pub async fn store(
        transaction: &DatabaseTransaction,
        new: &[&NewMessage],
    ) -> Result<(Self, Vec<ChangeSet>)> {
        let mut feeds = open_rooms(transaction, new).await?;
        let mut posts = Self(find_existing(transaction, new).await?);
        let members = find_members(transaction, new).await?;
        let mut seen: HashSet<SentUnder> = posts.0.keys().copied().collect();
        let mut by_room: BTreeMap<RoomId, Vec<&NewMessage>> = BTreeMap::new();
        for new in new.iter().filter(|new| members.contains(&(new.room, new.author))) {
            if seen.insert((new.author, new.client_id)) {
                by_room.entry(new.room).or_default().push(new);
            }
        }
        let mut change_sets = Vec::with_capacity(by_room.len());
        for (room, new) in by_room {
            let Some(mut feed) = feeds.remove(&room) else { continue };
            let messages = feed.record_messages(&new).await?;
            change_sets.extend(feed.finish().await?);
            posts.insert(&new, messages);
        }
        Ok((posts, change_sets))
    }

    fn insert(&mut self, new: &[&NewMessage], messages: Vec<Message>) {
        for (new, message) in new.iter().zip(messages) {
            let sent = Sent { hash: new.sent_hash.to_vec(), message };
            self.0.insert((new.author, new.client_id), sent);
        }
    }

    pub fn outcome(&self, new: &NewMessage) -> Posted {
        match self.0.get(&(new.author, new.client_id)) {
            None => Posted::NotMember,
            Some(sent) if sent.hash == new.sent_hash => Posted::Stored(sent.message.clone()),
            Some(_) => Posted::Conflict,
        }
    }
}

/// In the order of their ids, so that two transactions never wait for each other.
async fn open_rooms<'t>(
    transaction: &'t DatabaseTransaction,
    new: &[&NewMessage],
) -> Result<BTreeMap<RoomId, RoomFeed<'t>>> {
    let rooms: BTreeSet<_> = new.iter().map(|new| new.room).collect();
    let mut feeds = BTreeMap::new();
    for room in rooms {
        if let Some(feed) = RoomFeed::open(transaction, room).await? {
            feeds.insert(room, feed);
        }
    }
    Ok(feeds)
}

const EXISTING: &str = "
    SELECT m.id, m.room_id, m.author_id, m.client_id, m.sent_hash, m.text, m.posted_at, m.seq, m.rev FROM asked
    CROSS JOIN messages m
    WHERE m.author_id = asked.author_id AND m.client_id = asked.client_id";

pub(crate) fn existing_among(asked: usize) -> String {
    format!("WITH asked(author_id, client_id) AS (VALUES {}) {EXISTING}", rows(asked, 2))
}

/// Which of these were stored before: a retry is answered, not stored again.
async fn find_existing(
    transaction: &DatabaseTransaction,
    new: &[&NewMessage],
) -> Result<HashMap<SentUnder, Sent>> {
    let asked: Vec<_> = padded(new).collect();
    let sql = existing_among(asked.len());
    let values = asked.iter().flat_map(|new| [new.author.uuid(), new.client_id.uuid()]);
    let mut existing = HashMap::new();
    for row in query::<messages::Model>(transaction, sql, values.map(Into::into)).await? {
        let hash = row.sent_hash.clone();
        let message = row.message()?;
        existing.insert((message.author, message.client_id), Sent { hash, message });
    }
    Ok(existing)
}

const MEMBERS: &str = "
    SELECT m.room_id, m.user_id FROM asked
    CROSS JOIN memberships m
    CROSS JOIN users p
    WHERE m.room_id = asked.room_id AND m.user_id = asked.user_id AND m.status = 'in'
        AND p.id = m.user_id AND p.suspended_at IS NULL AND p.deleted_at IS NULL";

pub(crate) fn members_among(asked: usize) -> String {
    format!("WITH asked(room_id, user_id) AS (VALUES {}) {MEMBERS}", rows(asked, 2))
}

/// Which of these authors are members of the rooms that they post to. Read within the transaction, because what waits
/// for the writer was permitted before it waited.
async fn find_members(
    transaction: &DatabaseTransaction,
    new: &[&NewMessage],
) -> Result<HashSet<(RoomId, UserId)>> {
    let asked: HashSet<_> = new.iter().map(|new| (new.room, new.author)).collect();
    let asked: Vec<_> = asked.into_iter().collect();
    let asked: Vec<_> = padded(&asked).collect();
    let sql = members_among(asked.len());
    let values = asked.iter().flat_map(|(room, author)| [room.uuid(), author.uuid()]);
    let rows: Vec<(Uuid, Uuid)> = query_values(transaction, sql, values.map(Into::into)).await?;
    let member = |(room, user)| (RoomId::from_uuid(room), UserId::from_uuid(user));
    Ok(rows.into_iter().map(member).collect())
}
