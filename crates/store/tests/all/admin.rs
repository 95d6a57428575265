//! Who administers is checked where it is written: what was permitted a moment before changes nothing.

use crate::helpers::{NOON, TestDatabase, User};
use domain::{
    admin::{AdminAction, InstanceRole, RegistrationMode},
    clock::Millis,
};
use store::{AdminCommand, AdminOutcome, DeletionOutcome};

const LATER: Millis = Millis(NOON.0 + 1);
const AUDIT_LOG: [AdminAction; 5] = [
    AdminAction::Suspend,
    AdminAction::Promote,
    AdminAction::Demote,
    AdminAction::SignOut,
    AdminAction::RemoveTwoFactor,
];

async fn does(
    test_db: &TestDatabase,
    by: Option<&User>,
    action: AdminAction,
    to: &User,
) -> AdminOutcome {
    let doing = AdminCommand { action, by: by.map(|by| by.id), at: NOON };
    test_db.store.run_admin_action(to.id, doing).await.unwrap().0
}

async fn deletes(test_db: &TestDatabase, user: &User) {
    let deleted = test_db.store.delete_user(user.id, NOON, "unused").await.unwrap();
    assert!(matches!(deleted, DeletionOutcome::Done(_)), "{deleted:?}");
}

/// Nothing that an administrator may do is done by the user, nor written down.
async fn may_nothing(test_db: &TestDatabase, by: &User, to: &User) {
    let before = test_db.store.admin_user(to.id).await.unwrap();
    let written = test_db.store.audit_log(1, 60).await.unwrap();
    for action in AUDIT_LOG {
        assert_eq!(
            does(test_db, Some(by), action, to).await,
            AdminOutcome::NotAdministrator,
            "{action:?}"
        );
    }
    let mode = test_db.store.set_registration(RegistrationMode::Closed, by.id, NOON).await.unwrap();
    assert_eq!(mode, AdminOutcome::NotAdministrator);
    let (reset, _) =
        test_db.store.issue_password_reset(to.id, [7; 32], LATER, Some(by.id), NOON).await.unwrap();
    assert_eq!(reset, AdminOutcome::NotAdministrator);
    assert_eq!(test_db.store.reset_of(&[7; 32], NOON).await.unwrap(), None);
    assert_eq!(test_db.store.admin_user(to.id).await.unwrap(), before);
    assert_eq!(test_db.store.audit_log(1, 60).await.unwrap(), written);
    assert!(test_db.store.notices(to.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_permitted_before_the_administrator_ceased_to_be_one_is_not_done() {
    for ends in [AdminAction::Demote, AdminAction::Suspend] {
        let test_db = TestDatabase::new().await;
        let [keeper, minji, junho] =
            [test_db.user("집사").await, test_db.user("민지").await, test_db.user("준호").await];
        assert_eq!(
            does(&test_db, Some(&keeper), AdminAction::Promote, &minji).await,
            AdminOutcome::Done
        );
        assert_eq!(does(&test_db, Some(&keeper), ends, &minji).await, AdminOutcome::Done);
        may_nothing(&test_db, &minji, &junho).await;
    }
    let test_db = TestDatabase::new().await;
    let [keeper, minji, junho] =
        [test_db.user("집사").await, test_db.user("민지").await, test_db.user("준호").await];
    assert_eq!(
        does(&test_db, Some(&keeper), AdminAction::Promote, &minji).await,
        AdminOutcome::Done
    );
    deletes(&test_db, &minji).await;
    may_nothing(&test_db, &minji, &junho).await;
    may_nothing(&test_db, &junho, &keeper).await;
}

/// By an administrator and by the operator on the machine.
#[tokio::test]
async fn nothing_is_done_to_a_deleted_account() {
    let test_db = TestDatabase::new().await;
    let [keeper, junho] = [test_db.user("집사").await, test_db.user("준호").await];
    deletes(&test_db, &junho).await;
    for by in [Some(&keeper), None] {
        for action in [
            AdminAction::Suspend,
            AdminAction::Unsuspend,
            AdminAction::Promote,
            AdminAction::Demote,
        ] {
            assert_eq!(
                does(&test_db, by, action, &junho).await,
                AdminOutcome::Unchanged,
                "{action:?}"
            );
        }
        let by = by.map(|by| by.id);
        let (reset, _) =
            test_db.store.issue_password_reset(junho.id, [7; 32], LATER, by, NOON).await.unwrap();
        assert_eq!(reset, AdminOutcome::Unchanged);
        assert_eq!(test_db.store.reset_of(&[7; 32], NOON).await.unwrap(), None);
    }
    assert!(test_db.store.audit_log(1, 60).await.unwrap().entries.is_empty());
    assert_eq!(
        does(&test_db, None, AdminAction::Demote, &keeper).await,
        AdminOutcome::LastAdministrator
    );
    let keeper = test_db.store.admin_user(keeper.id).await.unwrap().unwrap();
    assert_eq!(keeper.role, InstanceRole::Administrator);
}
