//! The hosts at which an instance answers.

use crate::helpers::{TestServer, attribute};
use reqwest::Method;

/// A page, a form, a function, a socket, a file.
const WAYS: [(Method, &str); 6] = [
    (Method::GET, "/"),
    (Method::GET, "/sign-in"),
    (Method::POST, "/sign-in?/sign_in"),
    (Method::POST, "/api/list_rooms"),
    (Method::GET, "/ws"),
    (Method::GET, "/robots.txt"),
];

#[tokio::test]
async fn a_name_that_the_operator_has_not_named_is_not_answered() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    for host in ["evil.example", "evil.example:3000", "127.0.0.1.nip.io", "localhost.evil.example"]
    {
        for (method, path) in WAYS {
            let answer = minji.sends(minji.asks_for(host, method, path)).await.with(421);
            answer.shows("SARANGBANG_URL=http");
            answer.shows("답하지 않아요");
            answer.shows("are not answered");
            assert_eq!(answer.header("location"), "");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
        minji.sends(minji.asks_for(host, Method::GET, "/healthz")).await.with(200);
    }
    for host in ["localhost:3000", "raspberrypi", "box.local", "192.168.0.7:3000", "[::1]:3000"] {
        minji.sends(minji.asks_for(host, Method::GET, "/")).await.page(200).shows("민지");
    }
    minji.sends(minji.asks_for("no host", Method::GET, "/")).await.with(421);
}

#[tokio::test]
async fn where_an_address_is_named_others_are_told_the_right_one() {
    let test_server = TestServer::behind("https://chat.example").await;
    let client_info = test_server.visited_by("나그네");
    for host in ["127.0.0.1", "localhost:3000", "chat.example:3000", "www.chat.example", "box"] {
        for (method, path) in WAYS {
            let answer =
                client_info.sends(client_info.asks_for(host, method, path)).await.with(421);
            answer.shows("<a href=\"https://chat.example\">");
            answer.shows("다른 주소로 열려요");
            answer.shows("has another address");
            assert_eq!(answer.header("location"), "", "nothing is redirected");
        }
        client_info.sends(client_info.asks_for(host, Method::GET, "/healthz")).await.with(200);
    }
    for host in ["chat.example", "Chat.Example:443"] {
        client_info.sends(client_info.asks_for(host, Method::GET, "/sign-in")).await.page(200);
    }
}

#[tokio::test]
async fn whoever_opens_an_https_instance_by_http_reads_where_it_is() {
    let trusts = |config: &mut server::config::Config| {
        config.url = Some("https://chat.example".parse().unwrap());
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    let test_server = TestServer::that(trusts).await;
    let client_info = test_server.visited_by("나그네");
    for (method, path) in WAYS {
        let asked = client_info.asks(method, path).header("x-forwarded-proto", "http");
        let answer = client_info.sends(asked).await.with(421);
        answer.shows("<a href=\"https://chat.example\">");
        answer.shows("HTTPS로만 쓸 수 있어요");
        answer.shows("over HTTPS only");
        assert_eq!(answer.header("location"), "", "nothing is redirected");
    }
    let asked = client_info.asks(Method::GET, "/sign-in").header("x-forwarded-proto", "https");
    client_info.sends(asked).await.page(200);

    // No proxy is trusted here, so the post's own `Origin` decides.
    let test_server = TestServer::behind("https://chat.example").await;
    let client_info = test_server.visited_by("나그네");
    let asked = client_info.asks(Method::GET, "/sign-in").header("x-forwarded-proto", "http");
    client_info.sends(asked).await.page(200);
    for way in ["/sign-in?/sign_in", "/api/sign_in"] {
        let post = client_info.asks(Method::POST, way).header("origin", "http://chat.example");
        let answer = client_info.sends(post).await.with(403);
        answer.shows("<a href=\"https://chat.example\">");
        answer.shows("over HTTPS only");
    }
    assert_eq!(client_info.knocks(Some("http://chat.example")).await.err(), Some(403));
}

#[tokio::test]
async fn the_page_at_another_address_has_our_style_within_it() {
    let test_server = TestServer::behind("https://chat.example").await;
    let client_info = test_server.visited_by("나그네");
    let mut nonces = Vec::new();
    for host in ["evil.example", "localhost:3000", "no host"] {
        let page = client_info.sends(client_info.asks_for(host, Method::GET, "/")).await.with(421);
        let policy = page.header("content-security-policy").to_owned();
        let nonce = attribute(page.tags("style")[0], "nonce").unwrap();
        assert!(policy.contains(&format!("style-src 'nonce-{nonce}'")), "{policy}");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        for text in [
            "color-scheme: light dark",
            "--paper: light-dark(",
            "class=\"empty-page-title\"",
            "<p lang=\"ko\">",
            "<p lang=\"en\">",
            "<title>사랑방</title>",
        ] {
            page.shows(text);
        }
        for outside in ["<link", "<script", "<img", " src=", "url(", "@import", " style="] {
            page.hides(outside);
        }
        nonces.push(nonce);
    }
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), 3, "each answer has its own");
}
