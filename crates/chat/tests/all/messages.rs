//! Saying and reading: for members, and as if there were no room for anybody else.

use crate::helpers::{TestApp, User, fresh_id, hears_nothing, nowhere};
use chat::Heads;
use domain::{
    error::{AppError, What},
    history::PageAnchor,
    ids::RoomId,
    messages::{Rev, Seq},
    wire::Cursor,
};

/// Everything that only members may, tried one after the other.
async fn tries(user: &User, room: RoomId) -> Vec<Result<(), AppError>> {
    let User { actor, chat } = user;
    let cursor = Cursor { room, after: Rev(0) };
    vec![
        user.says("나도 있어요").tried_in(room).await.map(drop),
        chat.page(actor, room, PageAnchor::Newest).await.map(drop),
        chat.page(actor, room, PageAnchor::Before(Seq(9))).await.map(drop),
        chat.changes(actor, room, Rev(0)).await.map(drop),
        chat.mark_read(actor, room, Seq(3)).await,
        chat.resume(actor, Some(chat.epoch()), cursor, &Heads::default()).await.map(drop),
    ]
}

#[tokio::test]
async fn to_a_stranger_a_room_is_as_if_it_did_not_exist() {
    let test_app = TestApp::new().await;
    let [minji, stranger] = test_app.users(["민지", "나그네"]).await;
    let study = minji.makes_a_room("공부방").await;
    minji.says("우리끼리 하는 말").in_room(study).await;
    let before = minji.reads(study).await;

    let refused = tries(&stranger, study).await;
    assert!(
        refused.iter().all(|tried| *tried == Err(AppError::NotFound(What::Room))),
        "{refused:?}"
    );
    assert_eq!(refused, tries(&stranger, nowhere()).await, "and nothing tells the two apart");
    assert_eq!(minji.reads(study).await, before, "nothing of it was kept");

    stranger.enters(study).await;
    let allowed = tries(&stranger, study).await;
    assert!(allowed.iter().all(Result::is_ok), "{allowed:?}");
}

#[tokio::test]
async fn being_in_one_room_is_not_being_in_another() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let (study, diary) = (minji.makes_a_room("공부방").await, minji.makes_a_room("일기장").await);
    junho.enters(study).await;
    let tab = junho.connects().await;
    minji.says("비밀").in_room(diary).await;
    hears_nothing(&tab);
    let refused = tries(&junho, diary).await;
    assert!(
        refused.iter().all(|tried| *tried == Err(AppError::NotFound(What::Room))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_is_said_is_kept_under_the_name_of_who_is_signed_in() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let said = junho.says("안녕").in_room(study).await;
    assert_eq!((said.author, said.at), (junho.actor.user(), test_app.now()));
    assert_eq!(minji.reads(study).await.messages, [said]);
}

#[tokio::test]
async fn pressing_the_button_twice_says_it_once() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let tab = junho.connects().await;
    let id = fresh_id();
    let (first, second) = tokio::join!(
        minji.says("안녕").under(id).in_room(study),
        minji.says("안녕").under(id).in_room(study),
    );
    test_app.passes(60_000);
    let third = minji.says("안녕").under(id).in_room(study).await;
    assert_eq!((&first, &second), (&second, &third));
    assert_eq!(junho.sees_in(study).await, ["안녕"]);
    assert_eq!(crate::helpers::hears(&tab).await.messages, [first]);
    hears_nothing(&tab);
}

#[tokio::test]
async fn another_text_or_another_room_under_one_id_is_a_conflict() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let (study, kitchen) = (minji.makes_a_room("공부방").await, minji.makes_a_room("부엌").await);
    let id = fresh_id();
    minji.says("안녕").under(id).in_room(study).await;
    let other_text = minji.says("잘 가").under(id).tried_in(study).await;
    let other_room = minji.says("안녕").under(id).tried_in(kitchen).await;
    assert_eq!((other_text, other_room), (Err(AppError::Conflict), Err(AppError::Conflict)));
    assert_eq!(minji.sees_in(study).await, ["안녕"]);
    assert_eq!(minji.sees_in(kitchen).await, Vec::<String>::new());
}

#[tokio::test]
async fn one_persons_id_does_not_hide_anothers_message() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let id = fresh_id();
    minji.says("안녕").under(id).in_room(study).await;
    junho.says("안녕").under(id).in_room(study).await;
    assert_eq!(minji.sees_in(study).await, ["안녕", "안녕"]);
}

#[tokio::test]
async fn what_was_said_is_there_after_a_restart() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let said =
        minji.says("<script>alert('안녕')</script>\n둘째 줄 🙂 العربية").in_room(study).await;
    let (test_app, ()) = test_app.restarts(async |_| ()).await;
    let minji = User { actor: minji.actor, chat: test_app.chat.clone() };
    assert_eq!(minji.reads(study).await.messages, [said]);
}
