//! An address belongs to one person.

use crate::helpers::{NOON, TestDatabase};
use domain::users::{DisplayName, Email};
use futures::future::join_all;
use store::NewUser;

fn newcomer(email: &str, name: &str) -> NewUser {
    NewUser {
        email: Email::parse(email).unwrap(),
        name: DisplayName::parse(name).unwrap(),
        password_hash: format!("hash of {name}"),
        at: NOON,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixteen_who_take_an_address_at_once_one_gets_it() {
    let test_db = TestDatabase::new().await;
    let taking = (0..16).map(|n| {
        let store = test_db.store.clone();
        let new = newcomer("minji@example.com", &format!("민지 {n}"));
        tokio::spawn(async move { store.add_user(new).await.unwrap() })
    });
    let taken = join_all(taking).await.into_iter().filter_map(Result::unwrap);
    let taken: Vec<_> = taken.collect();
    assert_eq!(taken.len(), 1);
    let email = Email::parse("minji@example.com").unwrap();
    let known = test_db.store.credentials(&email).await.unwrap().unwrap();
    assert_eq!(known.user, taken[0]);
}

#[tokio::test]
async fn an_address_is_one_however_it_is_written() {
    let test_db = TestDatabase::new().await;
    let new = newcomer("Minji@Example.COM", "민지");
    let minji = test_db.store.add_user(new).await.unwrap().unwrap();
    let again = newcomer("minji@example.com", "다른 민지");
    assert_eq!(test_db.store.add_user(again).await.unwrap(), None);
    let known = test_db.store.credentials(&Email::parse(" MINJI@example.com ").unwrap()).await;
    let known = known.unwrap().unwrap();
    assert_eq!((known.user, known.password_hash.as_str()), (minji, "hash of 민지"));
    let unknown = Email::parse("junho@example.com").unwrap();
    assert!(test_db.store.credentials(&unknown).await.unwrap().is_none());
}
