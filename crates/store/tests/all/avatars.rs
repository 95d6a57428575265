//! Pictures: kept under names that nobody guesses, for as long as a profile shows them.

use crate::helpers::{NOON, TestDatabase, done, open};
use bytes::Bytes;
use domain::{
    avatars::Size::{self, Large, Small},
    clock::Millis,
    ids::AvatarId,
};
use store::{EncodedImage, Store, restore};
use uuid::Uuid;

pub async fn keeps(store: &Store, what: &'static [u8]) -> AvatarId {
    let encoded = |size| EncodedImage { size, bytes: Bytes::from_static(what) };
    store.save_avatar(Size::ALL.map(encoded).into()).await.unwrap()
}

pub async fn shows(test_db: &TestDatabase, store: &Store, what: &'static [u8]) -> AvatarId {
    let minji = test_db.user("민지").await;
    let default = test_db.store.profiles_of(minji.id).await.unwrap()[0].id;
    let avatar = keeps(store, what).await;
    let _ = done(test_db.store.set_profile_avatar(minji.id, default, Some(avatar)).await);
    avatar
}

#[tokio::test]
async fn a_picture_is_there_until_it_is_removed() {
    let test_db = TestDatabase::new().await;
    let nobody = AvatarId::from_uuid(Uuid::new_v4());
    assert_eq!(test_db.store.avatar(nobody, Small).await.unwrap(), None);
    test_db.store.remove_avatar(nobody).await.unwrap();
    let (first, second) = (keeps(&test_db.store, b"1").await, keeps(&test_db.store, b"2").await);
    assert_eq!(test_db.store.avatar(first, Large).await.unwrap().unwrap(), "1");
    assert_eq!(test_db.store.avatar(nobody, Small).await.unwrap(), None);
    test_db.store.remove_avatar(first).await.unwrap();
    test_db.store.remove_avatar(first).await.unwrap();
    assert_eq!(test_db.store.avatar(first, Large).await.unwrap(), None);
    assert_eq!(test_db.store.avatar(second, Small).await.unwrap().unwrap(), "2");
}

#[tokio::test]
async fn what_no_profile_shows_is_swept_up_once_it_is_old() {
    let test_db = TestDatabase::new().await;
    let store = &test_db.store;
    let (shown, left) = (shows(&test_db, store, b"1").await, keeps(store, b"2").await);
    assert_eq!(store.sweep_avatars(Millis(0)).await.unwrap(), 0, "it may just be on its way");
    assert_eq!(store.sweep_avatars(Millis(i64::MAX)).await.unwrap(), 2);
    assert_eq!(store.avatar(left, Small).await.unwrap(), None);
    assert!(store.avatar(shown, Small).await.unwrap().is_some());
}

#[tokio::test]
async fn a_backup_holds_the_pictures_and_brings_them_back() {
    let test_db = TestDatabase::new().await;
    let shown = shows(&test_db, &test_db.store, b"before").await;
    let (copy, url, file) = (test_db.path("copy.db"), test_db.url(), test_db.file());
    test_db.store.backup(&copy).await.unwrap();
    let later = keeps(&test_db.store, b"after").await;
    test_db.store.remove_avatar(shown).await.unwrap();
    test_db.store.close().await.unwrap();

    let kept = restore(&copy, &url, NOON).await.unwrap().kept.unwrap();
    let restored = open(&file).await;
    assert_eq!(restored.avatar(shown, Large).await.unwrap().unwrap(), "before");
    assert_eq!(restored.avatar(later, Large).await.unwrap(), None);
    let old = open(&kept).await;
    assert_eq!(old.avatar(later, Large).await.unwrap().unwrap(), "after", "kept beside it");
}

/// The sweep looks at the folder of the database that is served.
#[tokio::test]
async fn a_backup_of_before_the_first_picture_loses_none_of_those_that_came_later() {
    let test_db = TestDatabase::new().await;
    let (copy, url, file) = (test_db.path("copy.db"), test_db.url(), test_db.file());
    test_db.store.backup(&copy).await.unwrap();
    let shown = shows(&test_db, &test_db.store, b"1").await;
    test_db.store.close().await.unwrap();
    let restored = restore(&copy, &url, NOON).await.unwrap();
    assert_eq!(restored.missing_avatars, 0);
    let store = open(&file).await;
    assert_eq!(store.sweep_avatars(Millis(i64::MAX)).await.unwrap(), 0);
    let old = open(&restored.kept.unwrap()).await;
    for size in Size::ALL {
        assert_eq!(old.avatar(shown, size).await.unwrap().unwrap(), "1");
    }
}

#[tokio::test]
async fn a_copy_that_was_made_by_hand_without_its_pictures_finds_those_that_are_there() {
    let test_db = TestDatabase::new().await;
    let (ours, lost) =
        (shows(&test_db, &test_db.store, b"1").await, shows(&test_db, &test_db.store, b"2").await);
    let (copy, url, file) = (test_db.path("by-hand.db"), test_db.url(), test_db.file());
    test_db.store.remove_avatar(lost).await.unwrap();
    test_db.store.close().await.unwrap();
    std::fs::copy(&file, &copy).unwrap();
    let restored = restore(&copy, &url, NOON).await.unwrap();
    assert_eq!(restored.missing_avatars, Size::ALL.len());
    let store = open(&file).await;
    assert_eq!(store.avatar(ours, Large).await.unwrap().unwrap(), "1");
    assert_eq!(
        open(&restored.kept.unwrap()).await.avatar(ours, Small).await.unwrap().unwrap(),
        "1"
    );
}
