//! A message under one id is one message, however often it is sent.

use crate::helpers::{TestDatabase, history, places, say, stored, text};
use domain::{ids::ClientId, messages::Rev};
use futures::future::join_all;
use store::Posted;
use uuid::Uuid;

fn fresh_id() -> ClientId {
    ClientId::from_uuid(Uuid::new_v4())
}

#[tokio::test]
async fn the_same_message_sent_twice_is_one_message() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, told) = test_db.writer();
    let new = minji.writes("안녕", study);
    let first = stored(writer.post(new.clone()).await.unwrap());
    say(&writer, &minji, study, 3).await;
    let second = stored(writer.post(new).await.unwrap());

    assert_eq!(first, second);
    assert_eq!(places(&history(&test_db.store, study).await), [3, 4, 5, 6]);
    assert_eq!(test_db.store.head(study).await.unwrap(), Some(Rev(6)), "a retry takes no number");
    assert_eq!(
        told.try_iter().flat_map(|changes| changes.messages).count(),
        4,
        "nor is it told again"
    );
}

#[tokio::test]
async fn the_same_message_many_times_in_one_batch_is_one_message() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, told) = test_db.writer();
    let new = minji.writes("안녕", study);
    let answers = join_all((0..20).map(|_| writer.post(new.clone()))).await;

    let mut answers = answers.into_iter().map(|answer| stored(answer.unwrap()));
    let first = answers.next().unwrap();
    assert!(answers.all(|message| message == first));
    assert_eq!(history(&test_db.store, study).await, [first]);
    assert_eq!(told.try_iter().count(), 1, "they were one changes");
}

#[tokio::test]
async fn the_same_id_with_another_text_is_a_conflict() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    let kitchen = minji.makes_a_room("부엌").await;
    junho.enters(study).await;
    let (writer, _told) = test_db.writer();
    let id = fresh_id();
    let said = stored(writer.post(minji.writes_as(id, "안녕", study)).await.unwrap());

    let other_text = writer.post(minji.writes_as(id, "잘 가", study)).await.unwrap();
    assert_eq!(other_text, Posted::Conflict);
    let other_room = writer.post(minji.writes_as(id, "안녕", kitchen)).await.unwrap();
    assert_eq!(other_room, Posted::Conflict);
    let junhos = stored(writer.post(junho.writes_as(id, "나도", study)).await.unwrap());
    assert_eq!(history(&test_db.store, study).await, [said, junhos], "an id is its author's own");
    assert_eq!(history(&test_db.store, kitchen).await, []);
}

#[tokio::test]
async fn of_two_texts_under_one_id_in_one_batch_the_first_is_kept() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, told) = test_db.writer();
    let id = fresh_id();
    let (first, second, third) = tokio::join!(
        writer.post(minji.writes_as(id, "안녕", study)),
        writer.post(minji.writes_as(id, "잘 가", study)),
        writer.post(minji.writes("다음", study)),
    );

    let (first, third) = (stored(first.unwrap()), stored(third.unwrap()));
    assert_eq!((first.text.clone(), second.unwrap()), (text("안녕"), Posted::Conflict));
    assert_eq!(places([&first, &third]), [3, 4]);
    assert_eq!(told.try_iter().count(), 1, "they were one changes");
}
