//! Forms without scripts: a refused form comes back as its page, with the error and what was typed.

use crate::helpers::{PASSWORD, TestServer, User, path};
use reqwest::Method;

async fn tries_to_sign_up(
    client_info: &User,
    name: &str,
    email: &str,
    password: &str,
) -> crate::helpers::Answer {
    let fields = [("name", name), ("email", email), ("password", password)];
    client_info.posts("/sign-up?/sign_up", &fields).await
}

#[tokio::test]
async fn every_field_says_what_is_wrong_with_it() {
    let test_server = TestServer::new().await;
    let minji = test_server.visited_by("민지");
    let page = tries_to_sign_up(&minji, "  ", "민지 골뱅이 집", "짧아요").await.page(422);
    page.shows("이름을 입력해 주세요.");
    page.shows("이메일 주소를 다시 확인해 주세요.");
    page.shows("8자 이상이어야 해요.");
    assert_eq!(page.field("email").as_deref(), Some("민지 골뱅이 집"));
    page.hides("짧아요");
    assert_eq!(page.cookie("session"), None);

    let page = tries_to_sign_up(&minji, "민지", "minji@example.com", "password1").await.page(422);
    page.shows("너무 흔한 비밀번호예요.");
    assert_eq!(page.field("name").as_deref(), Some("민지"));
    page.hides("이메일 주소를 다시 확인해 주세요.");
    page.hides("password1");
}

#[tokio::test]
async fn a_taken_address_is_refused_beside_the_field() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    // With the same password it would be the same form, sent twice.
    let (other, password) = (minji.elsewhere(), "다른 비밀번호예요");
    let page = tries_to_sign_up(&other, "민지", &minji.email, password).await.page(422);
    page.shows("이미 가입한 이메일이에요.");
    assert_eq!(page.field("email"), Some(minji.email));
}

#[tokio::test]
async fn what_was_typed_comes_back_as_text() {
    let test_server = TestServer::new().await;
    let client_info = test_server.visited_by("민지");
    let evil = "\"><script>alert(1)</script>";
    let page = tries_to_sign_up(&client_info, evil, evil, evil).await.page(422);
    assert_eq!(page.field("email").as_deref(), Some(evil));
    page.hides("<script>alert(1)");
    page.hides("alert(1)</script>");
}

#[tokio::test]
async fn a_room_needs_a_title_and_a_link_needs_a_room() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let long = "가".repeat(81);
    let page = minji.posts("/?/create_room", &[("title", &long)]).await.page(422);
    page.shows("80자까지 쓸 수 있어요.");
    assert_eq!(page.field("title"), Some(long));
    assert_eq!(page.field("room").unwrap_or_default(), "", "the other form is as it was");
    minji
        .posts("/?/create_room", &[("title", " ")])
        .await
        .page(422)
        .shows("방 이름을 입력해 주세요.");
    minji.pastes("").await.page(422).shows("방 링크나 아이디를 입력해 주세요.");
    let page = minji.pastes("공부방").await.page(422);
    page.shows("방 링크나 아이디가 아닌 것 같아요.");
    assert_eq!(page.field("room").as_deref(), Some("공부방"));
    assert!(minji.rooms().await.is_empty());
}

#[tokio::test]
async fn the_reader_is_answered_in_their_language() {
    let test_server = TestServer::new().await;
    let client_info = test_server.visited_by("Minji");
    let wrong = [("email", "nobody@example.com"), ("password", PASSWORD)];
    let tries = |headers: [(&'static str, &'static str); 2]| {
        let request = client_info.asks(Method::POST, "/sign-in?/sign_in").form(&wrong);
        let request = headers.into_iter().fold(request, |request, (k, v)| request.header(k, v));
        client_info.sends(request)
    };
    let (korean, english) =
        ("이메일이나 비밀번호가 맞지 않아요.", "The e-mail address or the password is wrong.");
    let page = tries([("accept-language", "en-GB,en;q=0.9"), ("cookie", "")]).await.page(401);
    page.shows(english);
    page.shows("<html lang=\"en\"");
    let page = tries([("accept-language", "ko-KR,en;q=0.5"), ("cookie", "")]).await.page(401);
    page.shows(korean);
    page.shows("<html lang=\"ko\"");
    let page = tries([("accept-language", "en"), ("cookie", "lang=ko")]).await.page(401);
    page.shows(korean);
    let page = tries([("accept-language", "ko"), ("cookie", "lang=en")]).await.page(401);
    page.shows(english);
}

#[tokio::test]
async fn the_language_switch_leads_back_to_the_same_page() {
    let test_server = TestServer::new().await;
    let client_info = test_server.visited_by("민지");
    client_info.gets("/sign-up").await.page(200).shows("<html lang=\"ko\"");
    let answer = client_info.posts("/sign-up?/set_language", &[("language", "en")]).await;
    assert_eq!(answer.leads_to(), "/sign-up");
    client_info.gets("/sign-up").await.page(200).shows("<html lang=\"en\"");
    client_info.posts("/sign-up?/set_language", &[("language", "xx")]).await.page(422);
    let answer = client_info.posts("/sign-up?/set_theme", &[("theme", "dark")]).await;
    assert_eq!(answer.leads_to(), "/sign-up");
    client_info.gets("/sign-up").await.page(200).shows("data-theme=\"dark\"");
}

#[tokio::test]
async fn a_malformed_form_is_a_page_and_never_an_accident() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let room = path(study);
    let names =
        ["nothing", "list_rooms", "read_page", "../x", "Sign_in", "%2e%2e/sign_out", "", "a/b"];
    for page in ["/", &*room] {
        let unknown = minji.posts(&format!("{page}?/nothing"), &[]).await.page(422);
        unknown.shows("요청을 알아듣지 못했어요.");
        for name in names {
            minji.posts(&format!("{page}?/{name}"), &[("title", "x")]).await.page(422);
        }
        minji.posts(page, &[("title", "x")]).await.page(422);
        minji.posts(&format!("{page}?/create_room"), &[]).await.page(422);
        minji.posts(&format!("{page}?/post_message"), &[("text", "x")]).await.page(422);
    }
    let bodies: [&[u8]; 6] = [
        b"title",
        b"title=%ff%ef%bb%bf=%fe&title=1",
        b"title[a][b]=1",
        b"\xff\xfe=\0",
        b"&&&=&",
        b"{}",
    ];
    for body in bodies {
        let request = minji.asks(Method::POST, "/?/create_room").body(body);
        minji.sends(request).await.page(422);
        let form = "application/x-www-form-urlencoded";
        let request = minji.asks(Method::POST, "/?/create_room").header("content-type", form);
        minji.sends(request.body(body)).await.page(422);
    }
    let stranger = test_server.visited_by("나그네");
    stranger.posts("/sign-in?/sign_in", &[("email", "a@example.com")]).await.page(422);
    stranger.posts("/sign-in?/post_message", &[("text", "x")]).await;
    assert_eq!(minji.rooms().await.len(), 1);
    assert!(minji.sees_in(study).await.is_empty());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let huge = "a".repeat(2 * 1024 * 1024);
    let fields = [("title", huge.as_str())];
    minji.posts("/?/create_room", &fields).await.with(413).shows("한 번에 보내기에는 너무 커요.");
    minji.calls("create_room", &fields).await.with(413).shows("too much to send at once");
    let form = "application/x-www-form-urlencoded";
    let huge = format!("title={huge}");
    let answer = minji.posts_in_chunks("/?/create_room", form, huge.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    // The longest message fits, whatever its characters.
    minji.says(study, &"🎉".repeat(4_000)).await;
    let page = minji.writes(study, crate::helpers::fresh_id(), &"가".repeat(4_001)).await.page(422);
    page.shows("4,000자까지 쓸 수 있어요.");
    assert_eq!(page.composer().chars().count(), 4_001);
}
