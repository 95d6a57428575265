//! What each subscriber hears of a commit, and in which order.

use super::*;
use crate::{Subscription, Told};
use domain::{
    ids::{PersonId, RoomId, SessionId},
    memberships::Role,
    messages::Rev,
    people::DisplayName,
    policy::Standing,
    rooms::RoomKind,
    wire::{Batch, Farewell},
};
use store::RoomAccess;
use uuid::Uuid;

fn publisher() -> Publisher {
    Publisher { caches: Arc::default(), hub: Hub::default() }
}

fn user() -> PersonId {
    PersonId::from_uuid(Uuid::new_v4())
}

fn room() -> RoomId {
    RoomId::from_uuid(Uuid::new_v4())
}

fn connects(publisher: &Publisher, user: PersonId, rooms: &[RoomId]) -> (Subscription, SessionId) {
    let session = SessionId::from_uuid(Uuid::new_v4());
    let tab = publisher.hub.subscribe(user, session).unwrap();
    for room in rooms {
        publisher.hub.follow(user, *room);
    }
    (tab, session)
}

fn heard(tab: &Subscription) -> Vec<ServerFrame> {
    let frames = std::iter::from_fn(|| tab.line.already_told());
    let frames = frames.map(|told| match told {
        Told::Frame(frame) => serde_json::from_slice(&frame).unwrap(),
        Told::Behind => panic!("the queue was full"),
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
    let set = Batch::empty(study, Rev(3), Rev(5));
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
        changed_profiles: vec![Viewer { id: minji, name: name.clone(), picture: None }],
        ..Committed::default()
    });
    for ended in [&junhos, &seoyeons] {
        assert_eq!(ended.line.already_ended(), Some(Farewell::SignedOut));
        assert_eq!(heard(ended), []);
    }
    let reset = |room| ServerFrame::Reset { room };
    let you = ServerFrame::You { name, picture: None };
    assert_eq!(heard(&minjis), [reset(study), reset(kitchen), you]);
}

#[test]
fn what_a_user_is_to_a_room_is_forgotten_with_their_membership() {
    let publisher = publisher();
    let (minji, study) = (user(), room());
    let standings = &publisher.caches.standings;
    let access = RoomAccess { standing: Standing::In(Role::Member), kind: RoomKind::Open };
    let remembers = || {
        let asked = standings.get(study, minji).unwrap_err();
        standings.remember(asked, study, minji, access);
        assert!(standings.get(study, minji).is_ok());
    };
    remembers();
    let change_sets = vec![Batch::empty(study, Rev(1), Rev(2))];
    publisher.publish(&Committed { change_sets, ..Committed::default() });
    assert!(standings.get(study, minji).is_ok(), "a message changes no membership");
    for committed in [
        Committed { left: vec![(study, minji)], ..Committed::default() },
        Committed { joined: vec![(study, minji)], ..Committed::default() },
        Committed { closed_rooms: vec![study], ..Committed::default() },
    ] {
        publisher.publish(&committed);
        remembers();
    }
}
