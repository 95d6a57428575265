//! The first account of an instance, and who may make it.

use crate::helpers::{Answer, PASSWORD, TestServer, User};
use reqwest::Method;

const GATES: [&str; 3] = ["/sign-in", "/sign-up", "/sign-in/code"];

/// A form for an account, as from the machine itself, with this host and header.
async fn signs_up_with(user: &User, host: &str, header: Option<(&str, &str)>) -> Answer {
    let fields = [("name", &*user.name), ("email", &user.email), ("password", PASSWORD)];
    let mut request = user.asks_for(host, Method::POST, "/sign-up?/sign_up").form(&fields);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    user.sends(request).await
}

#[tokio::test]
async fn a_stranger_reads_that_an_instance_is_not_set_up_yet() {
    let test_server = TestServer::not_set_up("http://box:3000").await;
    let stranger = test_server.visited_by("나그네");
    assert_eq!(stranger.gets("/").await.leads_to(), "/sign-in");
    for gate in GATES {
        let page = stranger.gets(gate).await.page(200);
        page.shows("아직 준비 중인 사랑방이에요");
        page.shows("서버를 켠 곳에 첫 계정을 만드는 링크가 나와 있어요.");
        page.hides("?/sign_up");
        page.hides("?/sign_in");
        let english = stranger.asks(Method::GET, gate).header("accept-language", "en");
        let page = stranger.sends(english).await.page(200);
        page.shows("This sarangbang is not set up yet");
        page.shows("was printed where the server was started");
    }
    stranger.signs_up().await.page(403).shows("아직 준비 중인 사랑방이에요");
    let fields = [("name", "나"), ("email", "x@example.com"), ("password", PASSWORD)];
    stranger.calls("sign_up", &fields).await.with(403);
    stranger.signs_in_with(PASSWORD).await.page(401);

    let minji = test_server.visited_by("민지");
    assert_eq!(minji.sets_up(test_server.setup_path()).await.leads_to(), "/");
    stranger.gets("/sign-up").await.page(200).shows("?/sign_up");
    stranger.signs_up().await.leads_to();
    minji.gets("/admin").await.page(200);
    stranger.gets("/admin").await.page(404);
}

#[tokio::test]
async fn the_link_is_a_page_that_makes_one_account() {
    let test_server = TestServer::not_set_up("http://box:3000").await;
    let link = test_server.setup_path();
    let [minji, junho] = ["민지", "준호"].map(|name| test_server.visited_by(name));
    let page = minji.gets(link).await.page(200);
    page.shows("이 계정이 관리자가 되고");
    assert_eq!(page.field("setup").as_deref(), link.strip_prefix("/setup/"));
    let english = minji.asks(Method::GET, link).header("accept-language", "en");
    minji.sends(english).await.page(200).shows("Make the first account");
    let token = link.strip_prefix("/setup/").unwrap();
    let refused = [("name", "민지"), ("email", "x"), ("setup", token)];
    let refused = minji.posts(&format!("{link}?/sign_up"), &refused).await.page(422);
    assert_eq!(refused.field("name").as_deref(), Some("민지"), "what was typed is kept");
    let [name, email] = [("name", "민지"), ("email", "minji@example.com")];
    let common = [name, email, ("password", "password123"), ("setup", token)];
    let common = minji.posts(&format!("{link}?/sign_up"), &common).await.page(422);
    common.shows("너무 흔한 비밀번호예요");

    let wrong = [&token[1..], "x", "%00", &"0".repeat(32), &format!("{token}0")];
    for wrong in wrong.map(|token| format!("/setup/{token}")) {
        junho.gets(&wrong).await.page(410).shows("쓸 수 없는 링크예요");
        junho.sets_up(&wrong).await.page(410);
    }
    assert_eq!(minji.sets_up(link).await.leads_to(), "/");
    minji.gets("/admin").await.page(200);
    junho.gets(link).await.page(410).shows("sarangbang setup-link");
    junho.sets_up(link).await.page(410);
    minji.gets(link).await.page(410);
}

#[tokio::test]
async fn whoever_may_have_come_through_a_proxy_needs_the_link() {
    let test_server = TestServer::new().await;
    let stranger = test_server.visited_by("나그네");
    let here = test_server.address().host();
    let ways = [
        (&*here, Some(("x-forwarded-for", "127.0.0.1"))),
        (&here, Some(("x-forwarded-proto", "http"))),
        (&here, Some(("x-forwarded-host", "localhost"))),
        (&here, Some(("forwarded", "for=127.0.0.1"))),
        (&here, Some(("via", "1.1 proxy"))),
        (&here, Some(("x-real-ip", "127.0.0.1"))),
        ("192.168.0.7:3000", None),
        ("raspberrypi", None),
        ("chat.local", None),
    ];
    for (host, header) in ways {
        let refused = signs_up_with(&stranger, host, header).await.page(403);
        refused.shows("아직 준비 중인 사랑방이에요");
        let mut gate = stranger.asks_for(host, Method::GET, "/sign-up");
        if let Some((name, value)) = header {
            gate = gate.header(name, value);
        }
        stranger.sends(gate).await.page(200).hides("?/sign_up");
    }
    let trusting =
        TestServer::that(|config| config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()]);
    trusting.await.visited_by("나그네").signs_up().await.page(403);
    stranger.gets("/sign-up").await.page(200).shows("?/sign_up");
    assert_eq!(signs_up_with(&stranger, "localhost:3000", None).await.leads_to(), "/");
    stranger.gets("/admin").await.page(200);
}

#[tokio::test]
async fn after_the_last_account_is_deleted_the_set_up_begins_anew() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    minji.posts("/admin/sign-up?/set_registration", &[("mode", "closed")]).await.leads_to();
    test_server.visited_by("나그네").signs_up().await.page(403);
    let leaves = [("password", PASSWORD), ("confirmed", "yes")];
    minji.posts("/account/delete?/delete_account", &leaves).await.leads_to();

    let stranger = test_server.visited_by("나그네");
    let (here, proxied) = (test_server.address().host(), Some(("x-forwarded-for", "203.0.113.9")));
    let refused = signs_up_with(&stranger, &here, proxied).await.page(403);
    refused.shows("아직 준비 중인 사랑방이에요");
    stranger.gets(test_server.setup_path()).await.page(410);
    let junho = test_server.welcomes("준호").await;
    junho.gets("/admin").await.page(200);
    // The mode that was chosen before still applies.
    test_server
        .visited_by("수민")
        .signs_up()
        .await
        .page(403)
        .shows("지금은 새로 가입할 수 없어요.");
}
