//! Other sites can make a browser post here with its cookies. That changes nothing.

use crate::helpers::{TestServer, fresh_id, path};
use reqwest::Method;

#[tokio::test]
async fn a_form_on_another_site_is_refused_with_a_sentence() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let (id, room) = (fresh_id().to_string(), study.to_string());
    let message = [("room", &*room), ("client_id", &id), ("text", "속았지")];
    let signs = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "nonsense"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:1"),
    ];
    for (name, value) in signs {
        for way in [format!("{}?/post_message", path(study)), "/api/post_message".to_owned()] {
            let request = minji.asks(Method::POST, &way).form(&message);
            let answer = minji.sends(request.header(name, value)).await.with(403);
            answer.shows("다른 사이트에서 온 요청이라 받지 않았어요.");
            answer.shows("The request came from another site and was refused.");
        }
        let request = minji.asks(Method::POST, "/?/sign_out").header(name, value);
        minji.sends(request).await.with(403);
    }
    assert!(minji.sees_in(study).await.is_empty());
}

#[tokio::test]
async fn a_form_of_this_site_is_taken() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let own = test_server.address().url("");
    for header in [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", &own)]
    {
        let request = minji.asks(Method::POST, "/?/create_room").form(&[("title", "공부방")]);
        minji.sends(request.header(header.0, header.1)).await.leads_to();
    }
    assert_eq!(minji.rooms().await.len(), 3);
}

/// Behind a proxy the browser's origin differs from the `Host` that the server gets.
#[tokio::test]
async fn the_configured_origin_is_this_site() {
    let test_server = TestServer::behind("https://chat.example").await;
    let client_info = test_server.visited_by("민지");
    let tries = |origin: &'static str| {
        let form = [("email", "nobody@example.com"), ("password", "따뜻한 온돌방의 밤")];
        let request = client_info.asks(Method::POST, "/sign-in?/sign_in").form(&form);
        client_info.sends(request.header("origin", origin))
    };
    tries("https://chat.example").await.page(401);
    for foreign in
        ["http://chat.example", "https://chat.example.evil.example", "https://chat.example:8443"]
    {
        tries(foreign).await.with(403);
    }
    let own = client_info.knocks(Some("https://chat.example")).await;
    own.ok().unwrap().is_dismissed(4001).await;
    let direct = test_server.address().url("");
    for foreign in ["http://chat.example", "https://evil.example", &*direct] {
        assert_eq!(client_info.knocks(Some(foreign)).await.err(), Some(403), "{foreign}");
    }
}
