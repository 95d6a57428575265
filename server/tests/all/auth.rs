//! Signed-out callers are redirected to sign-in, and back to where they were going, but never off the site.

use crate::helpers::{PASSWORD, TestServer, attribute, fresh_id, nowhere, path};
use reqwest::Method;

#[tokio::test]
async fn every_page_leads_a_stranger_to_sign_in() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let stranger = test_server.visited_by("나그네");
    assert_eq!(stranger.gets("/").await.leads_to(), "/sign-in");
    let room = path(study);
    for going in [&*room, &format!("{room}?before=3"), &path(nowhere()), "/nothing/here?a=b&c=d"] {
        let answer = stranger.gets(going).await;
        let encoded = going.replace('%', "%25").replace('/', "%2F").replace('?', "%3F");
        let encoded = encoded.replace('=', "%3D").replace('&', "%26");
        assert_eq!(answer.leads_to(), format!("/sign-in?next={encoded}"));
        let gate = stranger.gets(answer.leads_to()).await.page(200);
        assert_eq!(gate.field("next").as_deref(), Some(going));
        let links = gate.tags("a").into_iter().filter_map(|tag| attribute(tag, "href"));
        let sign_up = links.into_iter().find(|href| href.starts_with("/sign-up"));
        let gate = stranger.gets(&sign_up.unwrap()).await.page(200);
        assert_eq!(gate.field("next").as_deref(), Some(going), "sign-up knows it too");
    }
    stranger.gets("/sign-in").await.page(200);
    stranger.gets("/sign-up").await.page(200);
}

#[tokio::test]
async fn a_strangers_form_leads_to_sign_in_and_does_nothing() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let stranger = test_server.visited_by("나그네");
    let answer = stranger.writes(study, fresh_id(), "들려요?").await;
    assert_eq!(answer.leads_to(), format!("/sign-in?next=%2Froom%2F{study}"));
    assert_eq!(stranger.pastes(&study.to_string()).await.leads_to(), "/sign-in");
    assert!(minji.sees_in(study).await.is_empty());
    assert_eq!(minji.reads(study).await.members.len(), 1);
}

#[tokio::test]
async fn signing_in_leads_on_to_where_one_was_going() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let next = format!("/room/{study}?before=7");
    let fields = [("email", &*minji.email), ("password", PASSWORD), ("next", &next)];
    let back = minji.elsewhere();
    assert_eq!(back.posts("/sign-in?/sign_in", &fields).await.leads_to(), next);

    let sumin = test_server.visited_by("수민");
    let fields =
        [("name", "수민"), ("email", &*sumin.email), ("password", PASSWORD), ("next", &next)];
    assert_eq!(sumin.posts("/sign-up?/sign_up", &fields).await.leads_to(), next);
    // Signed-in users are redirected away from the sign-in page.
    assert_eq!(sumin.gets("/sign-in").await.leads_to(), "/");
    assert_eq!(sumin.gets("/sign-up?next=%2Froom%2F1").await.leads_to(), "/room/1");
}

#[tokio::test]
async fn after_a_mistake_one_still_gets_there() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await.elsewhere();
    let fields = [("email", &*minji.email), ("password", "아니다"), ("next", "/room/1")];
    let page = minji.posts("/sign-in?/sign_in", &fields).await.page(401);
    assert_eq!(page.field("next").as_deref(), Some("/room/1"));
}

#[tokio::test]
async fn next_never_leads_off_the_site() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let away = [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\r\nset-cookie: session=1",
        "javascript:alert(1)",
        "room/1",
        "/한글",
    ];
    for next in away {
        let back = minji.elsewhere();
        let fields = [("email", &*back.email), ("password", PASSWORD), ("next", next)];
        assert_eq!(back.posts("/sign-in?/sign_in", &fields).await.leads_to(), "/", "{next:?}");
        let gate = format!("/sign-in?next={}", encoded(next));
        assert_eq!(back.gets(&gate).await.leads_to(), "/", "{next:?}");
        let page = test_server.visited_by("나그네").gets(&gate).await.page(200);
        assert_eq!(page.field("next"), None, "{next:?}");
        page.hides("href=\"https://evil");
    }
}

fn encoded(text: &str) -> String {
    let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
    bytes.collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn the_instance_says_that_it_is_well_to_anybody() {
    let test_server = TestServer::new().await;
    let stranger = test_server.visited_by("나그네");
    assert_eq!(stranger.gets("/healthz").await.with(200).body, "ok");
    let head = stranger.sends(stranger.asks(Method::HEAD, "/healthz")).await;
    assert_eq!(head.status, 200);
}
