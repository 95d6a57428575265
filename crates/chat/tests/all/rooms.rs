//! Rooms: made, entered, looked at, listed.

use crate::helpers::{TestApp, nowhere};
use domain::{
    error::{AppError, Field, What},
    history::PageAnchor,
    messages::Seq,
    room_view::RoomView,
    rooms::Visibility,
    text::ValidationError,
};
use futures::future::join_all;

#[tokio::test]
async fn a_title_is_refused_with_the_reason() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let long = "방".repeat(81);
    for (title, error) in [
        (" \u{3164} ", ValidationError::Empty),
        (long.as_str(), ValidationError::TooLong { most: 80 }),
        ("공부\n방", ValidationError::Control),
    ] {
        let refused = minji.chat.create_room(&minji.actor, None, title, Visibility::Open).await;
        assert_eq!(refused, Err(AppError::invalid(Field::Title, error)), "{title:?}");
    }
    assert_eq!(minji.chat.rooms(&minji.actor).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_title_in_loose_jamo_is_composed() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    minji.makes_a_room(" \u{1107}\u{1161}\u{11bc} ").await;
    let rooms = minji.chat.rooms(&minji.actor).await.unwrap();
    assert_eq!(rooms[0].title.as_ref().unwrap().as_str(), "방");
}

#[tokio::test]
async fn a_room_is_entered_by_its_id_or_its_link() {
    let test_app = TestApp::new().await;
    let [minji, junho, seoyeon] = test_app.users(["민지", "준호", "서연"]).await;
    let study = minji.makes_a_room("공부방").await;
    let link = format!(" https://chat.example/room/{study}?before=9 ");
    assert_eq!(junho.chat.join_room(&junho.actor, &link).await, Ok(study));
    let shouted = study.to_string().to_uppercase();
    assert_eq!(seoyeon.chat.join_room(&seoyeon.actor, &shouted).await, Ok(study));
    assert_eq!(minji.reads(study).await.members.len(), 3);
}

#[tokio::test]
async fn what_is_pasted_and_is_no_room_is_refused_with_the_reason() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let enter = |pasted: &'static str| minji.chat.join_room(&minji.actor, pasted);
    let refused = |error| Err(AppError::invalid(Field::Room, error));
    assert_eq!(enter("  ").await, refused(ValidationError::Empty));
    for pasted in ["공부방", "https://chat.example/room/", "1234-5678"] {
        assert_eq!(enter(pasted).await, refused(ValidationError::InvalidFormat), "{pasted}");
    }
    let unknown = minji.chat.join_room(&minji.actor, &nowhere().to_string()).await;
    assert_eq!(unknown, Err(AppError::NotFound(What::Room)));
}

#[tokio::test]
async fn a_stranger_sees_the_preview_and_a_member_the_room() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    minji.says("우리끼리 하는 말").in_room(study).await;
    let look = |anchor| junho.chat.view_room(&junho.actor, study, anchor);
    for anchor in [PageAnchor::Newest, PageAnchor::Before(Seq(99)), PageAnchor::Around(Seq(2))] {
        let Ok(RoomView::Preview(preview)) = look(anchor).await else { panic!("not the preview") };
        assert_eq!((preview.id, preview.title.as_str(), preview.members), (study, "공부방", 1));
    }
    assert_eq!(minji.reads(study).await.members.len(), 1, "looking is not entering");
    junho.enters(study).await;
    let Ok(RoomView::Joined(page)) = look(PageAnchor::Newest).await else { panic!("not inside") };
    assert_eq!((page.messages.len(), page.members.len()), (1, 2));
    let gone = junho.chat.view_room(&junho.actor, nowhere(), PageAnchor::Newest).await;
    assert_eq!(gone, Err(AppError::NotFound(What::Room)));
}

#[tokio::test(flavor = "multi_thread")]
async fn entering_from_every_tab_at_once_is_entering_once_and_told_once() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    let tab = minji.connects().await;
    let entering = (0..16).map(|_| {
        let junho = junho.clone();
        tokio::spawn(async move { junho.enters(study).await })
    });
    for entered in join_all(entering).await {
        entered.unwrap();
    }
    let told = crate::helpers::hears(&tab).await;
    assert_eq!(told.members.len(), 1);
    crate::helpers::hears_nothing(&tab);
    assert_eq!(minji.reads(study).await.through, told.through);
}

#[tokio::test]
async fn the_list_says_what_is_new_in_which_room() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let (study, kitchen) = (minji.makes_a_room("공부방").await, minji.makes_a_room("부엌").await);
    junho.enters(study).await;
    junho.enters(kitchen).await;
    test_app.passes(1_000);
    let said = minji.says("밥 먹자").in_room(kitchen).await;
    test_app.passes(1_000);
    minji.says("숙제하자").in_room(study).await;

    let list = junho.chat.rooms(&junho.actor).await.unwrap();
    let list: Vec<_> =
        list.iter().map(|room| (room.title.as_ref().unwrap().as_str(), room.unread)).collect();
    assert_eq!(list, [("공부방", 1), ("부엌", 1)]);
    junho.chat.mark_read(&junho.actor, kitchen, said.seq).await.unwrap();
    junho.says("그래").in_room(study).await;
    let list = junho.chat.rooms(&junho.actor).await.unwrap();
    assert!(list.iter().all(|room| room.unread == 0));
}

/// A list is remembered from one look to the next, so each thing that can change it is followed by a look.
#[tokio::test]
async fn the_list_is_what_is_stored_after_whatever_happens() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let looks = async |what: &str| {
        let lists = [&minji, &junho].map(|user| user.chat.rooms(&user.actor));
        let lists = join_all(lists).await;
        test_app.chat.write_reads().await.unwrap();
        for (user, list) in [&minji, &junho].into_iter().zip(lists) {
            let stored = test_app.store.rooms_of(user.actor.user()).await.unwrap();
            assert_eq!(list.as_ref(), Ok(&stored), "{what}");
            assert_eq!(user.chat.rooms(&user.actor).await, Ok(stored), "{what}, again");
        }
        test_app.passes(1_000);
    };
    looks("nothing yet").await;
    let study = minji.makes_a_room("공부방").await;
    looks("a room was made").await;
    junho.enters(study).await;
    looks("it was entered").await;
    let said = minji.says("하나").in_room(study).await;
    looks("something was said").await;
    junho.chat.mark_read(&junho.actor, study, said.seq).await.unwrap();
    looks("it was read").await;
    minji.says("둘").in_room(study).await;
    minji.makes_a_room("부엌").await;
    looks("something was said, and another room made").await;
    junho.says("셋").in_room(study).await;
    looks("it was answered").await;
}
