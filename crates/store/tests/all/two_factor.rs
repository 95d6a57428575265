//! A code is used where it opens a session, and nowhere else.

use crate::{
    helpers::{NOON, TestDatabase, User},
    restore::raw,
};
use domain::ids::SessionId;
use store::{AdmissionOutcome, CodeOutcome, GivenCode, NewSession, TotpState};
use uuid::Uuid;

const HALF: [u8; 32] = [1; 32];
const RECOVERY: [u8; 32] = [3; 32];

fn new_session(user: &User, token_hash: [u8; 32]) -> NewSession {
    let device = "Firefox".to_owned();
    NewSession { user: user.id, token_hash, device, at: NOON, replaces: None }
}

/// A user whose account asks for codes, the one of step 7 used, and who is half way in.
async fn pending_login(test_db: &TestDatabase) -> User {
    let (store, minji) = (&test_db.store, test_db.user("민지").await);
    let session = store.open_session(new_session(&minji, [9; 32])).await.unwrap().unwrap().0;
    store.begin_two_factor(minji.id, session, b"secret", &["code".to_owned()]).await.unwrap();
    let codes = vec![RECOVERY];
    assert!(store.confirm_two_factor(minji.id, b"secret", 7, codes, NOON).await.unwrap());
    let (admitted, _) = store.admit(new_session(&minji, HALF), "unused").await.unwrap();
    assert_eq!(admitted, AdmissionOutcome::NeedsCode);
    minji
}

async fn codes_left(test_db: &TestDatabase, user: &User) -> u64 {
    match test_db.store.two_factor(user.id).await.unwrap() {
        Some(TotpState::On { codes_left, .. }) => codes_left,
        other => panic!("{other:?}"),
    }
}

const CODES: [GivenCode; 2] = [GivenCode::Recovery(RECOVERY), GivenCode::Window(8)];

#[tokio::test]
async fn a_half_sign_in_that_was_ended_meanwhile_uses_no_code() {
    for code in CODES {
        let test_db = TestDatabase::new().await;
        let minji = pending_login(&test_db).await;
        let gives = async |token: u8| {
            let new = new_session(&minji, [token; 32]);
            test_db.store.finish_pending_login(HALF, code, new).await.unwrap().0
        };
        let elsewhere = SessionId::from_uuid(Uuid::new_v4());
        let changed = test_db.store.change_password(minji.id, "new", elsewhere, "unused").await;
        assert!(changed.unwrap().is_some());
        assert_eq!(gives(10).await, CodeOutcome::Over);
        assert_eq!(codes_left(&test_db, &minji).await, 1);
        let (again, _) = test_db.store.admit(new_session(&minji, HALF), "new").await.unwrap();
        assert_eq!(again, AdmissionOutcome::NeedsCode);
        assert!(matches!(gives(11).await, CodeOutcome::Session(_)), "{code:?} is still good");
    }
}

#[tokio::test]
async fn a_code_of_one_who_was_suspended_meanwhile_is_not_used() {
    for code in CODES {
        let test_db = TestDatabase::new().await;
        test_db.user("집사").await;
        let minji = pending_login(&test_db).await;
        raw(&test_db.file(), "UPDATE users SET suspended_at = 1 WHERE role = 'member'").await;
        let gives = async |token: u8| {
            let new = new_session(&minji, [token; 32]);
            test_db.store.finish_pending_login(HALF, code, new).await.unwrap().0
        };
        assert_eq!(gives(10).await, CodeOutcome::Over);
        raw(&test_db.file(), "UPDATE users SET suspended_at = NULL").await;
        assert!(matches!(gives(11).await, CodeOutcome::Session(_)), "{code:?} is still good");
    }
}

#[tokio::test]
async fn a_wrong_code_leaves_the_half_sign_in_and_the_right_one_is_good_once() {
    for (wrong, right) in [
        (GivenCode::Recovery([4; 32]), GivenCode::Recovery(RECOVERY)),
        (GivenCode::Window(7), GivenCode::Window(8)),
    ] {
        let test_db = TestDatabase::new().await;
        let minji = pending_login(&test_db).await;
        let gives = async |code: GivenCode, token: u8| {
            let new = new_session(&minji, [token; 32]);
            test_db.store.finish_pending_login(HALF, code, new).await.unwrap().0
        };
        assert_eq!(gives(wrong, 10).await, CodeOutcome::Wrong);
        assert!(test_db.store.pending_login(HALF).await.unwrap().is_some());
        assert!(matches!(gives(right, 11).await, CodeOutcome::Session(_)));
        assert_eq!(test_db.store.pending_login(HALF).await.unwrap(), None);
        let _ = test_db.store.admit(new_session(&minji, HALF), "unused").await.unwrap();
        assert_eq!(gives(right, 12).await, CodeOutcome::Wrong, "it has been used");
    }
}
