//! An instance in a folder of its own, and the people in it.

use domain::{
    clock::Millis,
    events::Event,
    history::PageAnchor,
    ids::{ClientId, RoomId, UserId},
    memberships::Role,
    messages::{Message, MessageText, Rev},
    policy::MembershipStatus,
    rooms::{Member, RoomTitle, Visibility},
    users::{DisplayName, Email},
    wire::ChangeSet,
};
use std::{
    collections::BTreeMap,
    fmt::Debug,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};
use store::{
    Error, MembershipChange, NewMessage, NewRoom, NewUser, Posted, ProfileOutcome, Store, Writer,
};
use tempfile::TempDir;
use uuid::Uuid;

/// A moment for what is not about time.
pub const NOON: Millis = Millis(1_795_359_600_000);

pub struct TestDatabase {
    pub store: Store,
    pub folder: TempDir,
}

impl TestDatabase {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("instance.db")).await;
        Self { store, folder }
    }

    /// A file in the folder of the instance.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self) -> PathBuf {
        self.path("instance.db")
    }

    pub fn url(&self) -> String {
        url(&self.file())
    }

    pub async fn user(&self, name: &str) -> User {
        let name = DisplayName::parse(name).unwrap();
        let new = NewUser {
            email: Email::parse(&format!("{}@example.com", Uuid::new_v4())).unwrap(),
            name: name.clone(),
            password_hash: "unused".to_owned(),
            at: NOON,
        };
        let id = self.store.add_user(new).await.unwrap().unwrap();
        User { id, name, store: self.store.clone() }
    }

    pub async fn users(&self, count: usize) -> Vec<User> {
        let mut users = Vec::new();
        for n in 1..=count {
            users.push(self.user(&format!("손님 {n}")).await);
        }
        users
    }

    pub async fn room_ids_of(&self, user: UserId) -> Vec<RoomId> {
        let heads = self.store.room_heads_of(user).await.unwrap();
        heads.into_iter().map(|(room, _)| room).collect()
    }

    /// A writer, and the changes that it tells, in their order.
    pub fn writer(&self) -> (Writer, mpsc::Receiver<ChangeSet>) {
        let (tell, told) = mpsc::channel();
        let writer = Writer::start(self.store.clone(), move |committed| {
            for change_set in committed.change_sets {
                let _ = tell.send(change_set);
            }
        });
        (writer, told)
    }
}

#[derive(Clone)]
pub struct User {
    pub id: UserId,
    pub name: DisplayName,
    store: Store,
}

impl User {
    pub async fn makes_a_room(&self, title: &str) -> RoomId {
        let title = RoomTitle::parse(title).unwrap();
        let new = NewRoom {
            title,
            visibility: Visibility::Open,
            by: self.id,
            at: NOON,
            submission: None,
        };
        self.store.create_room(new).await.unwrap().0
    }

    /// None when they are in already.
    pub async fn enters(&self, room: RoomId) -> Option<ChangeSet> {
        self.becomes(MembershipStatus::Member(Role::Member), room).await
    }

    pub async fn becomes(&self, becomes: MembershipStatus, room: RoomId) -> Option<ChangeSet> {
        let (user, actor, new_status) = (self.id, self.id, becomes);
        let change = MembershipChange { room, user, actor, new_status, at: NOON };
        let mut committed = self.store.change_membership(change).await.unwrap();
        assert!(committed.change_sets.len() <= 1);
        committed.change_sets.pop()
    }

    /// A message under a fresh id.
    pub fn writes(&self, what: &str, room: RoomId) -> NewMessage {
        let client_id = ClientId::from_uuid(Uuid::new_v4());
        self.writes_as(client_id, what, room)
    }

    pub fn writes_as(&self, client_id: ClientId, what: &str, room: RoomId) -> NewMessage {
        let (text, sent_hash) = (text(what), fingerprint(room, what));
        NewMessage { room, author: self.id, client_id, text, sent_hash, at: NOON }
    }
}

/// Says a number of things, one after the other.
pub async fn say(writer: &Writer, by: &User, room: RoomId, count: usize) -> Vec<Message> {
    let mut said = Vec::new();
    for n in 1..=count {
        let new = by.writes(&format!("{n}번째 말"), room);
        said.push(stored(writer.post(new).await.unwrap()));
    }
    said
}

pub fn stored(posted: Posted) -> Message {
    let Posted::Stored(message) = posted else { panic!("not stored: {posted:?}") };
    message
}

pub async fn open(file: &Path) -> Store {
    Store::open(&url(file)).await.unwrap()
}

pub fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

pub fn text(what: &str) -> MessageText {
    MessageText::parse(what).unwrap()
}

fn fingerprint(room: RoomId, text: &str) -> [u8; 32] {
    let mut hasher = DefaultHasher::new();
    (room, text).hash(&mut hasher);
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&hasher.finish().to_be_bytes());
    hash
}

/// What all the pages of changes after a number add up to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct KnownFeed {
    pub messages: BTreeMap<Rev, Message>,
    pub members: BTreeMap<Rev, Member>,
    pub events: Vec<Event>,
    pub details: Option<Rev>,
    /// How many messages came with each page.
    pub pages: Vec<usize>,
    pub through: Rev,
}

/// Asks until there is nothing left to ask for.
pub async fn feed(store: &Store, room: RoomId, after: Rev) -> KnownFeed {
    let mut feed = KnownFeed { through: after, ..KnownFeed::default() };
    loop {
        let changed = store.changes(room, feed.through).await.unwrap().unwrap();
        let ChangeSet { after, through, messages, members, events, details, .. } = changed.changes;
        assert_eq!(after, feed.through, "a page begins where the one before ended");
        let inside = |rev: Rev| assert!(after < rev && rev <= through, "{rev:?}");
        feed.pages.push(messages.len());
        for message in messages {
            inside(message.rev);
            assert_eq!(feed.messages.insert(message.rev, message), None);
        }
        for member in members {
            inside(member.rev);
            assert_eq!(feed.members.insert(member.rev, member), None);
        }
        for event in &events {
            inside(event.seq.into());
        }
        feed.events.extend(events);
        if let Some(details) = details {
            inside(details.rev);
            assert_eq!(feed.details.replace(details.rev), None);
        }
        feed.through = through;
        if through >= changed.head {
            return feed;
        }
        assert!(through > after, "a page that is cut still gets on");
    }
}

/// The places at which the messages were posted, sorted.
pub fn places<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Vec<i64> {
    let mut places: Vec<_> = messages.into_iter().map(|message| message.seq.0).collect();
    places.sort_unstable();
    places
}

/// Reads the history from its end to its beginning, by pages.
pub async fn history(store: &Store, room: RoomId) -> Vec<Message> {
    let mut all: Vec<Message> = Vec::new();
    let mut anchor = PageAnchor::Newest;
    loop {
        let page = store.page(room, anchor).await.unwrap().unwrap();
        assert!(page.messages.is_sorted_by_key(|message| message.seq));
        let event = page.events.first().map(|event| event.seq);
        let message = page.messages.first().map(|message| message.seq);
        all.splice(0..0, page.messages);
        let first = message.into_iter().chain(event).min();
        let Some(first) = first.filter(|_| page.has_older) else { return all };
        anchor = PageAnchor::Before(first);
    }
}

/// What a change of a profile made, which was not refused.
#[track_caller]
pub fn done<T: Debug>(outcome: store::Result<ProfileOutcome<T>>) -> T {
    match outcome {
        Ok(ProfileOutcome::Done(done)) => done,
        other => panic!("{other:?}"),
    }
}

/// The sentence for the operator.
pub fn sentence<T>(refused: Result<T, Error>) -> String {
    match refused {
        Err(Error::File(why)) => why,
        Err(other) => panic!("not a sentence for the operator: {other:?}"),
        Ok(_) => panic!("was not refused"),
    }
}

/// Every file in a folder and below it, with a fingerprint of its bytes; but for what readers note in `-shm`.
pub fn contents(folder: &Path) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let inside = contents(&path).into_iter();
            found.extend(inside.map(|(inner, print)| (format!("{name}/{inner}"), print)));
        } else if !name.ends_with("-shm") {
            let mut hasher = DefaultHasher::new();
            std::fs::read(&path).unwrap().hash(&mut hasher);
            found.push((name, hasher.finish()));
        }
    }
    found.sort_unstable();
    found
}

/// Waits for what has to come; the limit is only for when it never does.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    let deadline = Duration::from_mins(5);
    tokio::time::timeout(deadline, what).await.unwrap_or_else(|_| panic!("waited for ever"))
}
