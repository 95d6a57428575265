//! Opening the house again: the same life, the same things in it.

use crate::helpers::{House, history, open, places, say, soon, url};
use domain::messages::Rev;
use store::{Error, Store, Writer};

#[tokio::test]
async fn a_house_that_is_opened_again_is_the_same_house() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = house.writer();
    let said = say(&writer, &minji, study, 5).await;
    let epoch = house.store.epoch();
    let (file, log) = (house.file(), house.path("house.db-wal"));
    house.store.close().await.unwrap();
    assert!(!log.exists(), "the log was folded back into the file");

    let store = open(&file).await;
    assert_eq!(store.epoch(), epoch);
    assert_eq!(history(&store, study).await, said);
    assert_eq!(store.head(study).await.unwrap(), Some(Rev(7)));
}

#[tokio::test]
async fn what_was_answered_is_there_though_the_house_was_never_closed() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = house.writer();
    let said = say(&writer, &minji, study, 5).await;
    // What a power cut would leave: the file and its log as they are now.
    let after = tempfile::tempdir().unwrap();
    for name in ["house.db", "house.db-wal"] {
        std::fs::copy(house.path(name), after.path().join(name)).unwrap();
    }
    let store = open(&after.path().join("house.db")).await;
    assert_eq!(history(&store, study).await, said);
}

#[tokio::test]
async fn two_houses_are_two_lives() {
    let (here, there) = (House::new().await, House::new().await);
    assert_ne!(here.store.epoch(), there.store.epoch());
}

#[tokio::test]
async fn a_house_may_stand_in_a_folder_that_is_not_there_yet() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("우리 집/data/house.db");
    let store = open(&file).await;
    assert!(file.is_file());
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_url_that_names_no_file_is_refused_with_a_sentence() {
    for odd in ["sqlite::memory:", "sqlite://", "house.db", "postgres://localhost/house"] {
        let refused = Store::open(odd).await.unwrap_err();
        assert!(matches!(&refused, Error::File(why) if why.contains("sqlite://PATH")), "{refused}");
    }
}

#[tokio::test]
async fn a_second_process_reads_what_the_first_has_written() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = house.writer();
    let said = say(&writer, &minji, study, 3).await;
    let other = soon(Store::open(&url(&house.file()))).await.unwrap();
    assert_eq!(other.epoch(), house.store.epoch());
    assert_eq!(history(&other, study).await, said);
}

/// As `sarangbang backup` does beside a server. A transaction that reads before it writes and did
/// not say so at its beginning would be refused whenever the other has written in between.
#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_write_at_once_share_the_numbers_and_refuse_nobody() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (here, _told) = house.writer();
    let there = Writer::start(open(&house.file()).await, drop);
    let (first, second) = soon(async {
        tokio::join!(say(&here, &minji, study, 100), say(&there, &minji, study, 100))
    })
    .await;
    assert_eq!(places(first.iter().chain(&second)), (3..=202).collect::<Vec<_>>());
    assert_eq!(house.store.head(study).await.unwrap(), Some(Rev(202)));
}
