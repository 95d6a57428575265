//! The composer without scripts: a repeated post is stored once, and another text is not lost.

use crate::helpers::{Answer, TestServer, fresh_id, path};
use domain::ids::{ClientId, RoomId};

/// The client id with which the page's composer would post.
fn offered(page: &Answer) -> ClientId {
    page.field("client_id").unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_page_comes_back_with_the_line_in_it() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let page = minji.looks_at(study).await.page(200);
    let id = offered(&page);
    assert_eq!(minji.writes(study, id, "안녕하세요\r\n여러분").await.leads_to(), path(study));
    let page = minji.looks_at(study).await.page(200);
    assert_eq!(page.lines(), ["안녕하세요\n여러분"]);
    assert_ne!(offered(&page), id, "each page offers an id of its own");
    assert_eq!(page.composer(), "");
}

#[tokio::test]
async fn a_double_click_is_one_message() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let id = fresh_id();
    let (first, second) =
        tokio::join!(minji.writes(study, id, "한 번만"), minji.writes(study, id, "한 번만"));
    assert_eq!((first.leads_to(), second.leads_to()), (&*path(study), &*path(study)));
    assert_eq!(minji.writes(study, id, "한 번만").await.leads_to(), path(study));
    assert_eq!(minji.sees_in(study).await, ["한 번만"]);
}

#[tokio::test]
async fn another_text_under_the_same_id_is_kept_in_the_composer() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let id = fresh_id();
    minji.writes(study, id, "먼저 보낸 말").await.leads_to();
    for other in
        ["나중에 고친 말", "</textarea><script>alert(1)</script>", "\n\n  &amp; <b>", "& &lt;"]
    {
        let page = minji.writes(study, id, other).await.page(409);
        page.shows("다른 내용으로 이미 보냈어요.");
        assert_eq!(page.composer(), other);
        page.hides("<script>alert(1)");
        assert_ne!(offered(&page), id);
        assert_eq!(page.lines(), ["먼저 보낸 말"]);
    }
    let page = minji.writes(study, id, "나중에 고친 말").await;
    minji.writes(study, offered(&page), &page.composer()).await.leads_to();
    assert_eq!(minji.sees_in(study).await, ["먼저 보낸 말", "나중에 고친 말"]);
}

#[tokio::test]
async fn the_same_id_of_two_people_is_two_messages() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let id = fresh_id();
    minji.writes(study, id, "하나").await.leads_to();
    junho.writes(study, id, "둘").await.leads_to();
    assert_eq!(minji.sees_in(study).await, ["하나", "둘"]);
}

#[tokio::test]
async fn an_empty_text_is_refused_under_the_same_id() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let id = fresh_id();
    let page = minji.writes(study, id, " \r\n\u{200B}").await.page(422);
    page.shows("메시지를 입력해 주세요.");
    assert_eq!(offered(&page), id, "trying again is trying the same");
    assert!(minji.sees_in(study).await.is_empty());
}

#[tokio::test]
async fn a_room_that_one_is_not_in_cannot_be_written_to() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    let notes = junho.makes_room("수첩").await;
    junho.writes(study, fresh_id(), "들려요?").await.page(404);
    junho.writes(crate::helpers::nowhere(), fresh_id(), "들려요?").await.page(404);
    // Also from the page of a room that the user is in.
    let id = fresh_id().to_string();
    let other: [RoomId; 2] = [study, crate::helpers::nowhere()];
    for room in other.map(|room| room.to_string()) {
        let fields = [("room", &*room), ("client_id", &id), ("text", "들려요?")];
        let page = junho.posts(&format!("{}?/post_message", path(notes)), &fields).await.page(404);
        assert_eq!(page.composer(), "들려요?", "what was written is not lost");
    }
    assert!(minji.sees_in(study).await.is_empty());
    assert!(junho.sees_in(notes).await.is_empty());
}
