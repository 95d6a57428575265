//! What each subscriber hears of a commit, and in which order.

use super::*;
use crate::{Actor, Outgoing, RateLimits, Subscription, sessions::sha256, submissions::submission};
use domain::{
    clock::Millis,
    history::PageAnchor,
    ids::{ClientId, RoomId, SessionId, UserId},
    memberships::Role,
    messages::{MessageText, Rev},
    policy::MembershipStatus,
    rooms::{RoomKind, RoomTitle, Visibility},
    users::{DisplayName, Email},
    wire::{ChangeSet, CloseReason},
};
use store::{MembershipChange, NewRoom, NewSession, NewUser, RoomAccess, Store};
use uuid::Uuid;

fn publisher() -> Publisher {
    Publisher { caches: Arc::default(), hub: Hub::default() }
}

fn user() -> UserId {
    UserId::from_uuid(Uuid::new_v4())
}

fn room() -> RoomId {
    RoomId::from_uuid(Uuid::new_v4())
}

fn connects(publisher: &Publisher, user: UserId, rooms: &[RoomId]) -> (Subscription, SessionId) {
    let session = SessionId::from_uuid(Uuid::new_v4());
    let tab = publisher.hub.connect(user, session).unwrap();
    for room in rooms {
        publisher.hub.subscribe(user, *room);
    }
    (tab, session)
}

fn heard(tab: &Subscription) -> Vec<ServerFrame> {
    let frames = std::iter::from_fn(|| tab.receiver.try_recv());
    let frames = frames.map(|told| match told {
        Outgoing::Frame(frame) => serde_json::from_slice(&frame).unwrap(),
        Outgoing::Lagged => panic!("the queue was full"),
    });
    frames.collect()
}

#[test]
fn who_left_hears_that_alone_and_who_joined_hears_it_too() {
    let publisher = publisher();
    let (minji, junho, seoyeon, study) = (user(), user(), user(), room());
    let (stays, _) = connects(&publisher, minji, &[study]);
    let (leaves, _) = connects(&publisher, junho, &[study]);
    let (joins, _) = connects(&publisher, seoyeon, &[]);
    let set = ChangeSet::empty(study, Rev(3), Rev(5));
    publisher.publish(&Committed {
        left: vec![(study, junho)],
        joined: vec![(study, seoyeon)],
        change_sets: vec![set.clone()],
        ..Committed::default()
    });
    assert_eq!(heard(&leaves), [ServerFrame::Reset { room: study }]);
    assert_eq!(heard(&stays), [ServerFrame::Changes(set.clone())]);
    assert_eq!(heard(&joins), [ServerFrame::Changes(set)]);
}

#[test]
fn each_list_reaches_those_whom_it_names() {
    let publisher = publisher();
    let (minji, junho, seoyeon) = (user(), user(), user());
    let (study, kitchen) = (room(), room());
    let (minjis, _) = connects(&publisher, minji, &[study]);
    let (junhos, session) = connects(&publisher, junho, &[study]);
    let (seoyeons, _) = connects(&publisher, seoyeon, &[study]);
    let name = DisplayName::parse("민지").unwrap();
    publisher.publish(&Committed {
        ended_sessions: vec![session],
        signed_out: vec![seoyeon],
        closed_rooms: vec![study],
        invitations: vec![(kitchen, minji)],
        changed_profiles: vec![CurrentUser { id: minji, name: name.clone(), avatar: None }],
        ..Committed::default()
    });
    for ended in [&junhos, &seoyeons] {
        assert_eq!(ended.receiver.close_reason(), Some(CloseReason::SignedOut));
        assert_eq!(heard(ended), []);
    }
    let reset = |room| ServerFrame::Reset { room };
    let you = ServerFrame::You { name, avatar: None };
    assert_eq!(heard(&minjis), [reset(study), reset(kitchen), you]);
}

#[test]
fn what_a_user_is_to_a_room_is_forgotten_with_their_membership() {
    let publisher = publisher();
    let (minji, study) = (user(), room());
    let memberships = &publisher.caches.memberships;
    let access =
        RoomAccess { status: MembershipStatus::Member(Role::Member), kind: RoomKind::Open };
    let remembers = || {
        let asked = memberships.get(&(study, minji)).unwrap_err();
        memberships.insert(asked, (study, minji), access);
        assert!(memberships.get(&(study, minji)).is_ok());
    };
    remembers();
    let change_sets = vec![ChangeSet::empty(study, Rev(1), Rev(2))];
    publisher.publish(&Committed { change_sets, ..Committed::default() });
    assert!(memberships.get(&(study, minji)).is_ok(), "a message changes no membership");
    for committed in [
        Committed { left: vec![(study, minji)], ..Committed::default() },
        Committed { joined: vec![(study, minji)], ..Committed::default() },
        Committed { closed_rooms: vec![study], ..Committed::default() },
    ] {
        publisher.publish(&committed);
        remembers();
    }
}

#[tokio::test]
async fn what_a_form_has_made_is_there_for_who_sends_it_again_before_it_is_published() {
    let Study { chat, store, minji, _folder, .. } = Study::new().await;
    let (id, by) = (ClientId::from_uuid(Uuid::new_v4()), minji.user());
    let submission = submission(&minji, Some(id), &["room", "부엌", RoomKind::Open.code()]);
    assert_eq!(chat.rooms(&minji).await.unwrap().len(), 1, "and the answer is kept");
    let title = RoomTitle::parse("부엌").unwrap();
    let new = NewRoom { title, visibility: Visibility::Open, by, at: Millis(0), submission };
    let (made, _not_published) = store.create_room(new).await.unwrap();

    let again = chat.create_room(&minji, Some(id), "부엌", Visibility::Open).await;
    assert_eq!(again, Ok(made));
    assert_eq!(chat.rooms(&minji).await.unwrap().len(), 2);
}

/// A room of two, each with a tab.
struct Study {
    _folder: tempfile::TempDir,
    store: Store,
    chat: Chat,
    room: RoomId,
    minji: Actor,
    junho: Actor,
}

impl Study {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/chat.db", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        let chat = Chat::new(store.clone(), RateLimits::Off, Arc::new(|| Millis(0)));
        let (minji, junho) = (signs_up(&chat, "minji").await, signs_up(&chat, "junho").await);
        let title = RoomTitle::parse("공부방").unwrap();
        let by = minji.user();
        let new =
            NewRoom { title, visibility: Visibility::Open, by, at: Millis(0), submission: None };
        let (room, _) = store.create_room(new).await.unwrap();
        let study = Self { _folder: folder, store, chat, room, minji, junho };
        let _ = study.becomes(&study.junho, MembershipStatus::Member(Role::Member)).await;
        study
    }

    /// Committed, and not published.
    async fn becomes(&self, user: &Actor, new_status: MembershipStatus) -> Committed {
        let (room, user, actor, at) = (self.room, user.user(), self.minji.user(), Millis(0));
        let change = MembershipChange { room, user, actor, new_status, at };
        self.store.change_membership(change).await.unwrap()
    }

    async fn minji_says(&self, text: &str) {
        let (id, text) = (ClientId::from_uuid(Uuid::new_v4()), MessageText::parse(text).unwrap());
        self.chat.post(&self.minji, self.room, id, text).await.unwrap();
    }
}

async fn signs_up(chat: &Chat, name: &str) -> Actor {
    let new = NewUser {
        email: Email::parse(&format!("{name}@example.com")).unwrap(),
        name: DisplayName::parse(name).unwrap(),
        password_hash: "unused".to_owned(),
        at: Millis(0),
    };
    let user = chat.store.add_user(new).await.unwrap().unwrap();
    let session = NewSession {
        user,
        token_hash: sha256(name),
        device: String::new(),
        at: Millis(0),
        replaces: None,
    };
    let _ = chat.store.open_session(session).await.unwrap().unwrap();
    chat.actor(name).await.unwrap().unwrap()
}

fn texts(frames: &[ServerFrame]) -> Vec<&str> {
    let sets = frames.iter().map(|frame| match frame {
        ServerFrame::Changes(set) => set,
        other => panic!("not a change: {other:?}"),
    });
    sets.flat_map(|set| &set.messages).map(|message| message.text.as_str()).collect()
}

#[tokio::test]
async fn of_what_was_said_after_a_ban_the_banned_client_gets_nothing() {
    let study = Study::new().await;
    let stays = study.chat.connect(&study.minji).await.unwrap();
    let banned = study.chat.connect(&study.junho).await.unwrap();
    let ban = study.becomes(&study.junho, MembershipStatus::Banned).await;
    for text in ["하나", "둘", "셋"] {
        study.minji_says(text).await;
    }
    study.chat.publish(ban.clone()).await;
    assert_eq!(heard(&banned), [ServerFrame::Reset { room: study.room }]);
    let heard = heard(&stays);
    assert_eq!(heard[0], ServerFrame::Changes(ban.change_sets[0].clone()));
    assert_eq!(texts(&heard[1..]), ["하나", "둘", "셋"]);
}

#[tokio::test]
async fn while_a_ban_is_never_published_the_banned_client_gets_nothing_either() {
    let study = Study::new().await;
    let stays = study.chat.connect(&study.minji).await.unwrap();
    let banned = study.chat.connect(&study.junho).await.unwrap();
    // Whatever they are to the room is remembered.
    study.chat.page(&study.junho, study.room, PageAnchor::Newest).await.unwrap();
    let head = study.store.head(study.room).await.unwrap().unwrap();
    let _ = study.becomes(&study.junho, MembershipStatus::Banned).await;
    study.minji_says("하나").await;
    for (tab, actor, may) in [(&stays, &study.minji, true), (&banned, &study.junho, false)] {
        assert!(matches!(tab.receiver.recv().await, Outgoing::Lagged));
        assert_eq!(tab.handle.take_lag().into_iter().collect::<Vec<_>>(), [(study.room, head)]);
        let changed = study.chat.changes_after_lag(actor, study.room, head).await;
        assert_eq!(changed.is_ok_and(|it| it.changes.messages.len() == 1), may);
    }
}
