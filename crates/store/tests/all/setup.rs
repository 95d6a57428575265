//! The first account.

use crate::helpers::{NOON, TestDatabase};
use domain::{
    admin::InstanceRole,
    clock::Millis,
    ids::UserId,
    users::{DisplayName, Email},
};
use futures::future::join_all;
use store::{DeletionOutcome, NewUser, SetupProof, SignUpOutcome, Store};

fn newcomer(nth: u8) -> NewUser {
    NewUser {
        email: Email::parse(&format!("{nth}@example.com")).unwrap(),
        name: DisplayName::parse("손님").unwrap(),
        password_hash: "a hash".to_owned(),
        at: NOON,
    }
}

async fn role(store: &Store, user: UserId) -> InstanceRole {
    store.admin_user(user).await.unwrap().unwrap().role
}

#[tokio::test]
async fn the_first_account_is_made_by_the_newest_link_or_at_the_machine() {
    let TestDatabase { store, folder } = TestDatabase::new().await;
    let makes = |nth, proof| store.make_account(newcomer(nth), proof);
    assert!(!store.is_set_up().await.unwrap());
    assert_eq!(makes(1, SetupProof::None).await.unwrap(), SignUpOutcome::NotSetUp);
    assert_eq!(makes(1, SetupProof::Link([0; 32])).await.unwrap(), SignUpOutcome::Gone);
    for hash in [[1; 32], [2; 32]] {
        assert!(store.make_setup_link(hash).await.unwrap());
        assert!(store.is_setup_link(&hash).await.unwrap());
    }
    assert!(!store.is_setup_link(&[1; 32]).await.unwrap(), "an earlier one has ended");
    assert_eq!(makes(1, SetupProof::Link([1; 32])).await.unwrap(), SignUpOutcome::Gone);
    let SignUpOutcome::Made(first) = makes(1, SetupProof::Link([2; 32])).await.unwrap() else {
        panic!("it is the newest link");
    };
    assert_eq!(role(&store, first).await, InstanceRole::Administrator);
    assert!(store.is_set_up().await.unwrap());
    assert!(!store.is_setup_link(&[2; 32]).await.unwrap());
    assert!(!store.make_setup_link([3; 32]).await.unwrap());
    assert_eq!(makes(2, SetupProof::Link([2; 32])).await.unwrap(), SignUpOutcome::Gone);
    assert_eq!(makes(1, SetupProof::None).await.unwrap(), SignUpOutcome::Taken);
    let SignUpOutcome::Made(second) = makes(2, SetupProof::None).await.unwrap() else {
        panic!("others need no link");
    };
    assert_eq!(role(&store, second).await, InstanceRole::Member);
    drop(folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_have_the_link_at_once_one_makes_the_account() {
    let TestDatabase { store, folder } = TestDatabase::new().await;
    store.make_setup_link([1; 32]).await.unwrap();
    let coming = (0..12).map(|nth| {
        let store = store.clone();
        let proof = SetupProof::Link([1; 32]);
        tokio::spawn(async move { store.make_account(newcomer(nth), proof).await.unwrap() })
    });
    let came: Vec<_> = join_all(coming).await.into_iter().map(Result::unwrap).collect();
    let made = came.iter().filter(|it| matches!(it, SignUpOutcome::Made(_))).count();
    assert_eq!(made, 1, "{came:?}");
    assert_eq!(came.iter().filter(|it| **it == SignUpOutcome::Gone).count(), 11);
    drop(folder);
}

#[tokio::test]
async fn after_the_last_account_is_deleted_the_next_is_the_first_again() {
    let TestDatabase { store, folder } = TestDatabase::new().await;
    let machine = SetupProof::AtTheMachine;
    let SignUpOutcome::Made(minji) = store.make_account(newcomer(1), machine).await.unwrap() else {
        panic!("at the machine the first needs no link");
    };
    let deleted = store.delete_user(minji, Millis(9), "a hash").await.unwrap();
    assert!(matches!(deleted, DeletionOutcome::Done(_)), "who is alone may leave: {deleted:?}");
    assert!(!store.is_set_up().await.unwrap());
    let refused = store.make_account(newcomer(2), SetupProof::None).await.unwrap();
    assert_eq!(refused, SignUpOutcome::NotSetUp);
    assert!(store.make_setup_link([1; 32]).await.unwrap());
    let next = store.make_account(newcomer(2), SetupProof::Link([1; 32])).await.unwrap();
    let SignUpOutcome::Made(next) = next else { panic!("the set-up is open again: {next:?}") };
    assert_eq!(role(&store, next).await, InstanceRole::Administrator);
    drop(folder);
}
