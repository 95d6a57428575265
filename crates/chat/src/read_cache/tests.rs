//! What is answered from memory, and what has to be asked for anew.

use super::*;
use crate::{RoomPage, caches::Caches};
use domain::{
    clock::Millis,
    history::HistoryPage,
    ids::Epoch,
    memberships::Role,
    messages::Rev,
    policy::MembershipStatus,
    rooms::{Room, RoomKind, RoomSummary, RoomTitle},
    sessions::SessionTimes,
    users::{CurrentUser, DisplayName},
};
use store::{RoomAccess, Session};
use uuid::Uuid;

fn room() -> RoomId {
    RoomId::from_uuid(Uuid::new_v4())
}

fn user() -> UserId {
    UserId::from_uuid(Uuid::new_v4())
}

fn title() -> RoomTitle {
    RoomTitle::parse("공부방").unwrap()
}

fn session() -> Session {
    Session {
        id: SessionId::from_uuid(Uuid::new_v4()),
        viewer: CurrentUser {
            id: user(), name: DisplayName::parse("민지").unwrap(), avatar: None
        },
        times: SessionTimes { opened_at: Millis(5), last_used_at: Millis(5) },
        has_unread_notices: false,
    }
}

fn page(id: RoomId) -> Arc<RoomPage> {
    Arc::new(RoomPage::new(HistoryPage {
        details: Room { id, kind: RoomKind::Open, title: Some(title()), avatar: None, rev: Rev(1) },
        members: Vec::new(),
        messages: Vec::new(),
        events: Vec::new(),
        has_older: false,
        has_newer: false,
        through: Rev(2),
        epoch: Epoch::from_uuid(Uuid::new_v4()),
    }))
}

fn list(rooms: &[RoomId]) -> Arc<[RoomSummary]> {
    let summary = |id: &RoomId| RoomSummary {
        id: *id,
        title: Some(title()),
        with: None,
        avatar: None,
        last: None,
        active_at: Millis(0),
        unread: 0,
        invited_by: None,
    };
    rooms.iter().map(summary).collect()
}

#[test]
fn a_membership_that_was_asked_for_before_a_change_is_not_kept() {
    let Caches { memberships, versions, .. } = Caches::default();
    let key = (room(), user());
    let access =
        RoomAccess { status: MembershipStatus::Member(Role::Member), kind: RoomKind::Open };
    let asked = memberships.get(&key).unwrap_err();
    versions.bump([Topic::Members(key.0)]);
    memberships.insert(asked, key, access);
    let asked = memberships.get(&key).unwrap_err();
    memberships.insert(asked, key, access);
    memberships.insert(asked, key, access);
    assert_eq!(memberships.get(&key), Ok(access));
    versions.bump([Topic::Members(key.0)]);
    assert!(memberships.get(&key).is_err());
}

#[test]
fn a_session_that_ended_while_the_database_was_asked_is_not_kept() {
    let Caches { sessions, versions, .. } = Caches::default();
    let session = session();
    let asked = sessions.get(&[1; 32]).unwrap_err();
    versions.bump([Topic::Session(session.id)]);
    sessions.insert(asked, [1; 32], session.clone());
    let asked = sessions.get(&[1; 32]).unwrap_err();
    sessions.insert(asked, [1; 32], session.clone());
    assert_eq!(sessions.get(&[1; 32]).unwrap().id, session.id);
    assert_eq!(sessions.get_by_id(session.id).unwrap().times, session.times);
    versions.bump([Topic::Session(session.id)]);
    assert!(sessions.get(&[1; 32]).is_err() && sessions.get_by_id(session.id).is_none());
}

#[test]
fn the_sessions_of_a_user_with_another_profile_are_asked_for_anew() {
    let Caches { sessions, versions, .. } = Caches::default();
    let (minji, junho) = (session(), session());
    let asked = sessions.get(&[1; 32]).unwrap_err();
    sessions.insert(asked, [1; 32], minji.clone());
    sessions.insert(asked, [2; 32], junho.clone());
    versions.bump([Topic::Account(minji.viewer.id)]);
    sessions.insert(asked, [1; 32], minji.clone());
    assert!(sessions.get(&[1; 32]).is_err() && sessions.get_by_id(minji.id).is_none());
    assert_eq!(sessions.get_by_id(junho.id).unwrap().viewer, junho.viewer);
}

#[test]
fn a_page_that_was_asked_for_before_a_change_is_not_shown_after_it() {
    let Caches { pages, versions, .. } = Caches::default();
    let id = room();
    let page = page(id);
    let asked = pages.get(&id).unwrap_err();
    versions.bump([Topic::Room(id)]);
    pages.insert(asked, id, page.clone());
    let asked = pages.get(&id).unwrap_err();
    pages.insert(asked, id, page.clone());
    assert_eq!(pages.get(&id), Ok(page.clone()));
    versions.bump([Topic::Room(room())]);
    assert_eq!(pages.get(&id), Ok(page), "another room is no reason");
    versions.bump([Topic::Room(id)]);
    assert!(pages.get(&id).is_err());
}

#[test]
fn a_list_lasts_until_one_of_its_rooms_or_its_reader_changes() {
    let Caches { room_lists, versions, .. } = Caches::default();
    let (user, inside, outside) = (user(), room(), room());
    let keeps = || {
        let asked = room_lists.get(&user).unwrap_err();
        room_lists.insert(asked, user, list(&[inside]));
    };
    keeps();
    versions.bump([Topic::Room(outside)]);
    assert_eq!(room_lists.get(&user), Ok(list(&[inside])));
    versions.bump([Topic::Room(inside)]);
    keeps();
    versions.bump([Topic::RoomList(user)]);
    keeps();
    assert_eq!(room_lists.get(&user), Ok(list(&[inside])));
}

#[test]
fn what_was_asked_for_before_the_versions_started_over_is_not_kept() {
    let Caches { room_lists, versions, .. } = Caches::default();
    let (early, late) = (user(), user());
    let asked = room_lists.get(&early).unwrap_err();
    room_lists.insert(asked, early, list(&[]));
    versions.bump((0..=MAX_TOPICS).map(|_| Topic::Room(room())));
    room_lists.insert(asked, late, list(&[]));
    assert!(room_lists.get(&early).is_err() && room_lists.get(&late).is_err());
}
