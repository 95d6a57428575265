//! One-to-one rooms: one for each pair, whoever asks first.

use crate::helpers::{NOON, TestDatabase, User, say, soon};
use domain::history::PageAnchor;
use domain::ids::{RoomId, UserId};
use futures::future::join_all;
use std::collections::BTreeSet;
use store::{Committed, DirectRoom};
use uuid::Uuid;

async fn talk(test_db: &TestDatabase, by: &User, with: &User) -> DirectRoom {
    test_db.store.open_direct_room(by.id, with.id, NOON).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ask_at_once_and_often_and_have_one_room() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let asking = (0..32).map(|nth| {
        let (store, pair) = (test_db.store.clone(), [minji.id, junho.id]);
        let (by, with) = (pair[nth % 2], pair[(nth + 1) % 2]);
        tokio::spawn(async move { store.open_direct_room(by, with, NOON).await.unwrap().unwrap() })
    });
    let talks: Vec<_> = soon(join_all(asking)).await.into_iter().map(Result::unwrap).collect();
    let rooms: BTreeSet<RoomId> = talks.iter().map(|talk| talk.room).collect();
    assert_eq!(rooms.len(), 1);
    assert_eq!(talks.iter().filter(|talk| !talk.committed.joined.is_empty()).count(), 1);
    assert_eq!(test_db.room_ids_of(minji.id).await.len(), 1, "nothing half made");
}

#[tokio::test]
async fn each_calls_it_by_the_other_and_a_note_to_oneself_is_one_too() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let room = talk(&test_db, &minji, &junho).await.room;
    let own = talk(&test_db, &minji, &minji).await.room;
    assert_eq!(
        talk(&test_db, &minji, &minji).await,
        DirectRoom { room: own, committed: Committed::default() }
    );
    let list = async |of: &User| {
        let rooms = test_db.store.rooms_of(of.id).await.unwrap();
        let mut rooms: Vec<_> =
            rooms.into_iter().map(|it| (it.id, it.title.unwrap().to_string(), it.with)).collect();
        rooms.sort_by_key(|(id, ..)| *id != room);
        rooms
    };
    let of_minji = [(room, "준호".into(), Some(junho.id)), (own, "민지".into(), Some(minji.id))];
    assert_eq!(list(&minji).await, of_minji);
    assert_eq!(list(&junho).await, [(room, "민지".into(), Some(minji.id))]);

    let (writer, _told) = test_db.writer();
    say(&writer, &minji, room, 1).await;
    assert_eq!(test_db.store.rooms_of(junho.id).await.unwrap()[0].unread, 1);
    let page = test_db.store.page(room, PageAnchor::Newest).await.unwrap().unwrap();
    assert_eq!((page.details.title.clone(), page.members.len()), (None, 2));
    assert_eq!(page.details.display_name(minji.id, page.members.iter(), ""), Some("준호"));
    assert_eq!(
        test_db.store.room_preview(room, junho.id).await.unwrap(),
        None,
        "it has no preview"
    );
    assert_eq!(test_db.store.room_details(room).await.unwrap(), None);
    assert_eq!(test_db.store.rooms_in_common(minji.id, junho.id).await.unwrap(), []);
    let room_profile = test_db.store.room_profiles_of(minji.id).await.unwrap();
    assert_eq!((room_profile.len(), room_profile[0].title.as_str()), (1, "준호"));
}

#[tokio::test]
async fn with_nobody_there_is_no_room() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let nobody = UserId::from_uuid(Uuid::new_v4());
    assert_eq!(test_db.store.open_direct_room(minji.id, nobody, NOON).await.unwrap(), None);
    assert_eq!(test_db.room_ids_of(minji.id).await, []);
}
