//! What a full disk does to the writer.

use crate::{Error, NewMessage, NewPerson, NewRoom, Posted, Store, Writer};
use domain::{
    clock::Millis,
    ids::{ClientId, PersonId, RoomId},
    messages::MessageText,
    people::{DisplayName, Email},
    rooms::RoomTitle,
};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

fn says(author: PersonId, room: RoomId, text: &str) -> NewMessage {
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
    let page = store.page(room, None).await.unwrap().unwrap();
    page.messages.iter().map(|message| message.text.to_string()).collect()
}

#[tokio::test]
async fn after_the_disk_was_full_what_is_answered_is_kept_and_what_was_refused_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/house.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    let name = DisplayName::parse("민지").unwrap();
    let email = Email::parse("minji@example.com").unwrap();
    let new = NewPerson { email, name: name.clone(), password_hash: String::new(), at: Millis(0) };
    let minji = store.add_person(new).await.unwrap().unwrap();
    let title = RoomTitle::parse("공부방").unwrap();
    let new = NewRoom { title, by: minji, at: Millis(0) };
    let study = store.create_room(new).await.unwrap();
    let writer = Writer::start(store.clone(), drop);

    // SQLite answers SQLITE_FULL at this many pages as it does when the disk has none left.
    let pages = pragma(&store, "page_count").await;
    pragma(&store, &format!("max_page_count = {pages}")).await;
    let refused = writer.post(says(minji, study, &"가".repeat(4_000))).await;
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    pragma(&store, "max_page_count = 1000000").await;

    // Somebody who is in already is rolled back: the step at which a driver that has lost count of
    // its savepoints would leave a transaction open, never to be committed.
    store.enter_room(study, minji, &name, Millis(0)).await.unwrap();
    let kept = writer.post(says(minji, study, "다시 됩니다")).await;
    assert!(matches!(kept, Ok(Posted::Stored(_))), "{kept:?}");
    assert_eq!(read(&store, study).await, ["다시 됩니다"]);
}
