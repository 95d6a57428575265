//! How the writer cuts what it writes, and what a full disk does to it.

use crate::{
    Error, MembershipChange, NewMessage, NewRoom, NewUser, Posted, Store, Writer,
    feed::split_messages,
};
use domain::{
    clock::Millis,
    history::PageAnchor,
    ids::{ClientId, RoomId, UserId},
    memberships::Role,
    messages::{MessageText, Rev},
    policy::MembershipStatus,
    rooms::{RoomTitle, Visibility},
    users::{DisplayName, Email},
    wire::MAX_CHANGE_SET_BYTES,
};
use sea_orm::{ConnectionTrait, Statement};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tempfile::TempDir;
use uuid::Uuid;

fn says(author: UserId, room: RoomId, text: &str) -> NewMessage {
    let client_id = ClientId::from_uuid(Uuid::new_v4());
    let text = MessageText::parse(text).unwrap();
    NewMessage { room, author, client_id, text, sent_hash: [0; 32], at: Millis(0) }
}

async fn pragma(store: &Store, name: &str) -> i64 {
    let backend = store.write.get_database_backend();
    let ask = Statement::from_string(backend, format!("PRAGMA {name}"));
    store.write.query_one_raw(ask).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Texts that readers see: those that have been committed.
async fn read(store: &Store, room: RoomId) -> Vec<String> {
    let page = store.page(room, PageAnchor::Newest).await.unwrap().unwrap();
    page.messages.iter().map(|message| message.text.to_string()).collect()
}

/// An instance with one person in one room.
async fn a_study() -> (TempDir, Store, UserId, RoomId) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/instance.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    let name = DisplayName::parse("민지").unwrap();
    let email = Email::parse("minji@example.com").unwrap();
    let new = NewUser { email, name, password_hash: String::new(), at: Millis(0) };
    let minji = store.add_user(new).await.unwrap().unwrap();
    let title = RoomTitle::parse("공부방").unwrap();
    let study = store
        .create_room(NewRoom {
            title,
            visibility: Visibility::Open,
            by: minji,
            at: Millis(0),
            submission: None,
        })
        .await
        .unwrap()
        .0;
    (folder, store, minji, study)
}

#[tokio::test]
async fn a_panic_on_the_way_refuses_one_and_ends_nothing() {
    let (_folder, store, minji, study) = a_study().await;
    let first = AtomicBool::new(true);
    let writer = Writer::start(store.clone(), move |_| {
        assert!(!first.swap(false, Ordering::Relaxed), "on purpose");
    });
    let unlucky = says(minji, study, "하나");
    let refused = writer.post(unlucky.clone()).await;
    assert!(matches!(refused, Err(Error::Stopped)), "never acknowledged falsely: {refused:?}");
    let again = writer.post(unlucky).await;
    assert!(matches!(again, Ok(Posted::Stored(_))), "{again:?}");
    writer.post(says(minji, study, "둘")).await.unwrap();
    assert_eq!(read(&store, study).await, ["하나", "둘"]);
}

#[tokio::test]
async fn after_the_disk_was_full_what_is_answered_is_kept_and_what_was_refused_is_not() {
    let (_folder, store, minji, study) = a_study().await;
    let writer = Writer::start(store.clone(), drop);

    // What the schema's own history has left empty would be filled first.
    store.write.execute_unprepared("VACUUM").await.unwrap();
    // SQLite answers SQLITE_FULL at this many pages as it does when the disk has none left.
    let pages = pragma(&store, "page_count").await;
    pragma(&store, &format!("max_page_count = {pages}")).await;
    let refused = writer.post(says(minji, study, &"가".repeat(4_000))).await;
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    pragma(&store, "max_page_count = 1000000").await;

    // Another transaction ends: the step at which a driver that has lost count of its savepoints would leave
    // one open, never to be committed.
    let new_status = MembershipStatus::Member(Role::Moderator);
    let change =
        MembershipChange { room: study, user: minji, actor: minji, new_status, at: Millis(0) };
    let _ = store.change_membership(change).await.unwrap();
    let kept = writer.post(says(minji, study, "다시 됩니다")).await;
    assert!(matches!(kept, Ok(Posted::Stored(_))), "{kept:?}");
    assert_eq!(read(&store, study).await, ["다시 됩니다"]);
}

#[tokio::test]
async fn what_fails_at_the_commit_itself_is_neither_answered_nor_told() {
    let (_folder, store, minji, study) = a_study().await;
    let told = Arc::new(AtomicUsize::new(0));
    let counts = told.clone();
    let writer = Writer::start(store.clone(), move |_| {
        counts.fetch_add(1, Ordering::Relaxed);
    });
    // Each message leaves a debt that is only asked for at the commit.
    for statement in [
        "CREATE TABLE debts (to_whom BLOB REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER lends AFTER INSERT ON messages BEGIN INSERT INTO debts VALUES (x'00'); END",
    ] {
        store.write.execute_unprepared(statement).await.unwrap();
    }
    let said = says(minji, study, "하나");
    let refused = writer.post(said.clone()).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(told.load(Ordering::Relaxed), 0, "nobody heard of it");
    store.write.execute_unprepared("DROP TRIGGER lends").await.unwrap();
    let again = writer.post(said).await;
    assert!(matches!(again, Ok(Posted::Stored(_))), "{again:?}");
    assert_eq!(told.load(Ordering::Relaxed), 1);
    assert_eq!(read(&store, study).await, ["하나"]);
}

#[tokio::test]
async fn what_the_database_refuses_spoils_nothing_else_of_its_batch() {
    let (_folder, store, minji, study) = a_study().await;
    let writer = Writer::start(store.clone(), drop);
    let spoils = "CREATE TRIGGER spoils BEFORE INSERT ON messages WHEN NEW.text = '유령의 말'
        BEGIN INSERT INTO users SELECT * FROM users; END";
    store.write.execute_unprepared(spoils).await.unwrap();
    let (first, refused, second) = tokio::join!(
        writer.post(says(minji, study, "하나")),
        writer.post(says(minji, study, "유령의 말")),
        writer.post(says(minji, study, "둘")),
    );
    assert!(matches!(refused, Err(Error::Database(_))), "{refused:?}");
    assert!(matches!((first, second), (Ok(Posted::Stored(_)), Ok(Posted::Stored(_)))));
    assert_eq!(read(&store, study).await, ["하나", "둘"]);
}

#[test]
fn a_room_is_told_of_much_at_once_in_pieces() {
    let (author, room) = (UserId::from_uuid(Uuid::new_v4()), RoomId::from_uuid(Uuid::new_v4()));
    let said = (8..108).map(|seq| says(author, room, &"🎉".repeat(4_000)).numbered(seq));
    let sets = split_messages(room, Rev(7), Rev(107), said.collect());
    let mut cursor = Rev(7);
    for set in &sets {
        assert_eq!(set.after, cursor);
        let bytes: usize = set.messages.iter().map(|message| message.text.as_str().len()).sum();
        assert!((1..=MAX_CHANGE_SET_BYTES).contains(&bytes));
        cursor = set.through;
    }
    assert_eq!(cursor, Rev(107));
    assert_eq!(sets.iter().map(|set| set.messages.len()).sum::<usize>(), 100);
    assert_eq!(sets.len(), 7, "16 of 16,000 bytes each go into one");
}
