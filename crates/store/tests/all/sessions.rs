//! Sessions as rows: found by the hash alone, touched forward, swept when stale.

use crate::helpers::{NOON, TestDatabase, User};
use domain::{
    clock::Millis,
    ids::{SessionId, UserId},
    sessions::SessionTimes,
};
use store::NewSession;
use uuid::Uuid;

const fn later(millis: i64) -> Millis {
    Millis(NOON.0 + millis)
}

async fn last_used(test_db: &TestDatabase, session: SessionId) -> Option<Millis> {
    let times = test_db.store.session_times(session).await.unwrap();
    times.map(|times| times.last_used_at)
}

async fn signs_in(test_db: &TestDatabase, user: &User, token_hash: [u8; 32]) -> SessionId {
    let device = "Firefox".to_owned();
    let new = NewSession { user: user.id, token_hash, device, at: NOON, replaces: None };
    test_db.store.open_session(new).await.unwrap().unwrap().0
}

#[tokio::test]
async fn a_session_is_found_by_its_hash_and_says_who() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let minjis = signs_in(&test_db, &minji, [1; 32]).await;
    let junhos = signs_in(&test_db, &junho, [2; 32]).await;
    assert_ne!(minjis, junhos);
    let found = test_db.store.session(&[2; 32]).await.unwrap().unwrap();
    assert_eq!((found.id, found.viewer.id, found.times.last_used_at), (junhos, junho.id, NOON));
    assert_eq!(found.viewer.name, junho.name);
    assert!(test_db.store.session(&[3; 32]).await.unwrap().is_none());
}

#[tokio::test]
async fn a_use_is_never_taken_back() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let session = signs_in(&test_db, &minji, [1; 32]).await;
    let _ = test_db.store.touch_session(session, later(60_000)).await.unwrap();
    let _ = test_db.store.touch_session(session, later(30_000)).await.unwrap();
    let last_used = last_used(&test_db, session).await;
    assert_eq!(last_used, Some(later(60_000)));
}

#[tokio::test]
async fn an_ended_session_is_gone_and_a_use_does_not_bring_it_back() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let at_home = signs_in(&test_db, &minji, [1; 32]).await;
    let on_the_phone = signs_in(&test_db, &minji, [2; 32]).await;
    let _ = test_db.store.end_session(at_home).await.unwrap();
    let _ = test_db.store.end_session(at_home).await.unwrap();
    let _ = test_db.store.touch_session(at_home, later(1)).await.unwrap();
    assert_eq!(last_used(&test_db, at_home).await, None);
    assert!(test_db.store.session(&[1; 32]).await.unwrap().is_none());
    assert_eq!(test_db.store.session(&[2; 32]).await.unwrap().unwrap().id, on_the_phone);
}

#[tokio::test]
async fn the_sweep_takes_what_has_been_idle_or_open_for_too_long_and_nothing_else() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let stale = signs_in(&test_db, &minji, [1; 32]).await;
    let at_the_edge = signs_in(&test_db, &minji, [2; 32]).await;
    let fresh = signs_in(&test_db, &minji, [3; 32]).await;
    let _ = test_db.store.touch_session(at_the_edge, later(1)).await.unwrap();
    let _ = test_db.store.touch_session(fresh, later(2)).await.unwrap();
    let until = |opened, used| SessionTimes { opened_at: later(opened), last_used_at: later(used) };
    assert_eq!(test_db.store.sweep_sessions(until(-1, 0)).await.unwrap(), 1);
    assert_eq!(last_used(&test_db, stale).await, None);
    assert_eq!(last_used(&test_db, at_the_edge).await, Some(later(1)));
    assert_eq!(last_used(&test_db, fresh).await, Some(later(2)));
    assert_eq!(test_db.store.sweep_sessions(until(-1, 0)).await.unwrap(), 0);
    assert_eq!(test_db.store.sweep_sessions(until(0, 0)).await.unwrap(), 2, "both opened at noon");
}

#[tokio::test]
async fn of_an_old_and_a_new_session_one_is_there() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let old = signs_in(&test_db, &minji, [1; 32]).await;
    let replaces = Some(old);
    let device = String::new();
    let new = NewSession { user: minji.id, token_hash: [1; 32], device, at: NOON, replaces };
    assert!(test_db.store.open_session(new.clone()).await.is_err(), "the token is taken");
    assert!(test_db.store.session(&[1; 32]).await.unwrap().is_some(), "so the old one stays");
    let nobody = UserId::from_uuid(Uuid::new_v4());
    let nobodys = NewSession { user: nobody, token_hash: [2; 32], ..new.clone() };
    assert_eq!(test_db.store.open_session(nobodys).await.unwrap(), None);
    assert!(test_db.store.session(&[1; 32]).await.unwrap().is_some());
    let right = NewSession { token_hash: [2; 32], ..new };
    assert!(test_db.store.open_session(right).await.unwrap().is_some());
    assert!(test_db.store.session(&[1; 32]).await.unwrap().is_none());
    assert!(test_db.store.session(&[2; 32]).await.unwrap().is_some());
}

#[tokio::test]
async fn nobody_has_no_session_and_no_two_have_one_token() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    signs_in(&test_db, &minji, [1; 32]).await;
    let device = String::new();
    let twice =
        NewSession { user: minji.id, token_hash: [1; 32], device, at: NOON, replaces: None };
    assert!(test_db.store.open_session(twice.clone()).await.is_err());
    let nobody = UserId::from_uuid(Uuid::new_v4());
    let nobodys = NewSession { user: nobody, token_hash: [2; 32], ..twice };
    assert_eq!(test_db.store.open_session(nobodys).await.unwrap(), None);
}
