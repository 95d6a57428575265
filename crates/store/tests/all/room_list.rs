//! The list of rooms: what is new, in which order, how much is unread.

use crate::helpers::{NOON, TestDatabase, User, say, stored};
use domain::{
    clock::Millis,
    ids::RoomId,
    messages::Seq,
    rooms::{RoomSummary, RoomTitle, Visibility},
};
use store::{NewRoom, ReadMark, Writer};

async fn summary(test_db: &TestDatabase, user: &User, room: RoomId) -> RoomSummary {
    let rooms = test_db.store.rooms_of(user.id).await.unwrap();
    rooms.into_iter().find(|summary| summary.id == room).unwrap()
}

async fn unread(test_db: &TestDatabase, user: &User, room: RoomId) -> u32 {
    summary(test_db, user, room).await.unread
}

async fn titles(test_db: &TestDatabase, user: &User) -> Vec<String> {
    let rooms = test_db.store.rooms_of(user.id).await.unwrap();
    rooms.iter().map(|summary| summary.title.as_ref().unwrap().to_string()).collect()
}

async fn says_at(writer: &Writer, by: &User, room: RoomId, at: Millis) -> Seq {
    let mut new = by.writes("지금", room);
    new.at = at;
    stored(writer.post(new).await.unwrap()).seq
}

#[tokio::test]
async fn the_room_with_the_newest_activity_comes_first() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let (writer, _told) = test_db.writer();
    let later = |minutes: i64| Millis(NOON.0 + minutes * 60_000);
    let make = |title: &str, minutes| {
        let new = NewRoom {
            title: RoomTitle::parse(title).unwrap(),
            visibility: Visibility::Open,
            by: minji.id,
            at: later(minutes),
            submission: None,
        };
        test_db.store.create_room(new)
    };
    let (study, _) = make("공부방", 0).await.unwrap();
    let (kitchen, _) = make("부엌", 1).await.unwrap();
    let _ = make("마당", 2).await.unwrap();
    assert_eq!(titles(&test_db, &minji).await, ["마당", "부엌", "공부방"]);

    let seq = says_at(&writer, &minji, study, later(3)).await;
    assert_eq!(titles(&test_db, &minji).await, ["공부방", "마당", "부엌"]);
    let first = summary(&test_db, &minji, study).await;
    assert_eq!(first.active_at, later(3));
    assert_eq!(
        first.last.map(|last| (last.seq, last.text.to_string())),
        Some((seq, "지금".to_owned()))
    );

    says_at(&writer, &minji, kitchen, later(4)).await;
    assert_eq!(titles(&test_db, &minji).await, ["부엌", "공부방", "마당"]);
    assert_eq!(titles(&test_db, &junho).await, Vec::<String>::new(), "others' rooms are not mine");

    // Whoever enters has done so later, and what was said before is still the newest.
    junho.enters(study).await;
    assert_eq!(summary(&test_db, &junho, study).await.active_at, later(3));
}

#[tokio::test]
async fn a_room_without_a_line_says_so() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let summary = summary(&test_db, &minji, study).await;
    assert_eq!((summary.last, summary.active_at, summary.unread), (None, NOON, 0));
}

#[tokio::test]
async fn unread_are_the_lines_of_others_since_one_came() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    say(&writer, &minji, study, 5).await;
    junho.enters(study).await;
    assert_eq!(unread(&test_db, &junho, study).await, 0, "what was said before is not news");
    assert_eq!(unread(&test_db, &minji, study).await, 0, "nor are one's own lines");

    for guest in test_db.users(3).await {
        guest.enters(study).await;
    }
    assert_eq!(unread(&test_db, &minji, study).await, 0, "a join takes a number and is no line");
    say(&writer, &minji, study, 2).await;
    assert_eq!(unread(&test_db, &junho, study).await, 2);
    say(&writer, &junho, study, 1).await;
    assert_eq!(unread(&test_db, &minji, study).await, 1);
}

#[tokio::test]
async fn unread_are_counted_to_a_hundred() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let (writer, _told) = test_db.writer();
    say(&writer, &minji, study, 99).await;
    assert_eq!(unread(&test_db, &junho, study).await, 99);
    say(&writer, &minji, study, 1).await;
    assert_eq!(unread(&test_db, &junho, study).await, 100);
    say(&writer, &minji, study, 30).await;
    assert_eq!(unread(&test_db, &junho, study).await, 100);
}

#[tokio::test]
async fn reading_never_goes_back_nor_past_the_head() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 5).await;
    let read = async |seq| {
        let mark = ReadMark { room: study, user: junho.id, seq };
        test_db.store.mark_read(&[mark]).await
    };

    let _ = read(said[2].seq).await.unwrap();
    assert_eq!(unread(&test_db, &junho, study).await, 2);
    for before in [said[0].seq, Seq(0), Seq(-7), Seq(i64::MIN)] {
        let _ = read(before).await.unwrap();
        assert_eq!(unread(&test_db, &junho, study).await, 2, "{before:?}");
    }
    let _ = read(Seq(i64::MAX)).await.unwrap();
    assert_eq!(unread(&test_db, &junho, study).await, 0);
    say(&writer, &minji, study, 1).await;
    assert_eq!(unread(&test_db, &junho, study).await, 1, "what is said later is still news");
    let stranger = test_db.user("서연").await;
    let mark = ReadMark { room: study, user: stranger.id, seq: Seq(3) };
    let _ = test_db.store.mark_read(&[mark]).await.unwrap();
    assert_eq!(test_db.store.rooms_of(stranger.id).await.unwrap(), [], "reading is not entering");
}

#[tokio::test]
async fn a_retry_of_an_old_line_does_not_unread_what_came_after() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let (writer, _told) = test_db.writer();
    let old = junho.writes("처음", study);
    stored(writer.post(old.clone()).await.unwrap());
    let said = say(&writer, &minji, study, 3).await;
    let mark = ReadMark { room: study, user: junho.id, seq: said[1].seq };
    let _ = test_db.store.mark_read(&[mark]).await.unwrap();
    stored(writer.post(old).await.unwrap());
    assert_eq!(unread(&test_db, &junho, study).await, 1);
}

/// A user may be in a thousand rooms, and each of their pages has this list.
#[tokio::test]
async fn of_the_last_line_the_list_has_as_much_as_it_shows() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let blank = format!("{}나", "\u{200B}".repeat(900));
    for (text, shown) in [
        ("\u{201C}<&".repeat(1_333), "\u{201C}<&".repeat(40)),
        ("두 줄\n\n의  말".to_owned(), "두 줄 의 말".to_owned()),
        (blank, "…".to_owned()),
    ] {
        writer.post(minji.writes(&text, study)).await.unwrap();
        let last = summary(&test_db, &minji, study).await.last.unwrap();
        assert_eq!(last.text.as_str(), shown);
        assert!(last.text.as_str().chars().count() <= 120);
    }
}
