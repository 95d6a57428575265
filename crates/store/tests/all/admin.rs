//! Who administers is checked where it is written: what was permitted a moment before changes nothing.

use crate::helpers::{NOON, Person, TestDatabase};
use domain::{
    admin::{AdminAction, InstanceRole, RegistrationMode},
    clock::Millis,
};
use store::{AdminCommand, DeletionOutcome, Done};

const LATER: Millis = Millis(NOON.0 + 1);
const DEEDS: [AdminAction; 5] = [
    AdminAction::Suspended,
    AdminAction::Appointed,
    AdminAction::Dismissed,
    AdminAction::SignedOut,
    AdminAction::EndedTwoFactor,
];

async fn does(test_db: &TestDatabase, by: Option<&Person>, deed: AdminAction, to: &Person) -> Done {
    let doing = AdminCommand { deed, by: by.map(|by| by.id), at: NOON };
    test_db.store.run_admin_action(to.id, doing).await.unwrap().0
}

async fn deletes(test_db: &TestDatabase, user: &Person) {
    let deleted = test_db.store.delete_person(user.id, NOON, "unused").await.unwrap();
    assert!(matches!(deleted, DeletionOutcome::Done(_)), "{deleted:?}");
}

/// Nothing that an administrator may do is done by the user, nor written down.
async fn may_nothing(test_db: &TestDatabase, by: &Person, to: &Person) {
    let before = test_db.store.admin_user(to.id).await.unwrap();
    let written = test_db.store.audit_log(1, 60).await.unwrap();
    for deed in DEEDS {
        assert_eq!(does(test_db, Some(by), deed, to).await, Done::NotAdministrator, "{deed:?}");
    }
    let mode = test_db.store.choose_sign_up(RegistrationMode::Closed, by.id, NOON).await.unwrap();
    assert_eq!(mode, Done::NotAdministrator);
    let (reset, _) =
        test_db.store.make_reset(to.id, [7; 32], LATER, Some(by.id), NOON).await.unwrap();
    assert_eq!(reset, Done::NotAdministrator);
    assert_eq!(test_db.store.reset_of(&[7; 32], NOON).await.unwrap(), None);
    assert_eq!(test_db.store.admin_user(to.id).await.unwrap(), before);
    assert_eq!(test_db.store.audit_log(1, 60).await.unwrap(), written);
    assert!(test_db.store.notices(to.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_permitted_before_the_administrator_ceased_to_be_one_is_not_done() {
    for ends in [AdminAction::Dismissed, AdminAction::Suspended] {
        let test_db = TestDatabase::new().await;
        let [keeper, minji, junho] = [
            test_db.person("집사").await,
            test_db.person("민지").await,
            test_db.person("준호").await,
        ];
        assert_eq!(does(&test_db, Some(&keeper), AdminAction::Appointed, &minji).await, Done::Done);
        assert_eq!(does(&test_db, Some(&keeper), ends, &minji).await, Done::Done);
        may_nothing(&test_db, &minji, &junho).await;
    }
    let test_db = TestDatabase::new().await;
    let [keeper, minji, junho] =
        [test_db.person("집사").await, test_db.person("민지").await, test_db.person("준호").await];
    assert_eq!(does(&test_db, Some(&keeper), AdminAction::Appointed, &minji).await, Done::Done);
    deletes(&test_db, &minji).await;
    may_nothing(&test_db, &minji, &junho).await;
    may_nothing(&test_db, &junho, &keeper).await;
}

/// By an administrator and by the operator on the machine.
#[tokio::test]
async fn nothing_is_done_to_a_deleted_account() {
    let test_db = TestDatabase::new().await;
    let [keeper, junho] = [test_db.person("집사").await, test_db.person("준호").await];
    deletes(&test_db, &junho).await;
    for by in [Some(&keeper), None] {
        for deed in [
            AdminAction::Suspended,
            AdminAction::Restored,
            AdminAction::Appointed,
            AdminAction::Dismissed,
        ] {
            assert_eq!(does(&test_db, by, deed, &junho).await, Done::Unchanged, "{deed:?}");
        }
        let by = by.map(|by| by.id);
        let (reset, _) =
            test_db.store.make_reset(junho.id, [7; 32], LATER, by, NOON).await.unwrap();
        assert_eq!(reset, Done::Unchanged);
        assert_eq!(test_db.store.reset_of(&[7; 32], NOON).await.unwrap(), None);
    }
    assert!(test_db.store.audit_log(1, 60).await.unwrap().entries.is_empty());
    assert_eq!(
        does(&test_db, None, AdminAction::Dismissed, &keeper).await,
        Done::LastAdministrator
    );
    let keeper = test_db.store.admin_user(keeper.id).await.unwrap().unwrap();
    assert_eq!(keeper.role, InstanceRole::Administrator);
}
