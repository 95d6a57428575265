//! An address with a trailing slash is redirected to the one without; and the forms of a page that does not
//! exist work.

use crate::helpers::{TestServer, fresh_id, path};
use reqwest::Method;

#[tokio::test]
async fn a_slash_behind_a_page_leads_to_the_page() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let room = path(minji.makes_room("공부방").await);
    let pages =
        ["/people", "/account", "/rooms", "/account/two-step", "/admin/log", "/nothing", &room];
    let pages = pages
        .into_iter()
        .flat_map(|page| ["", "?", "?q=%ED%99%8D&page=2", "?before=3"].map(|query| (page, query)));
    for (page, query) in pages {
        for slashes in ["/", "///"] {
            for method in [Method::GET, Method::HEAD] {
                let asked = minji.asks(method, &format!("{page}{slashes}{query}"));
                let answer = minji.sends(asked).await.with(308);
                assert_eq!(answer.header("location"), format!("{page}{query}"));
                assert_eq!(answer.header("cache-control"), "no-store");
                assert_eq!(answer.header("x-content-type-options"), "nosniff");
            }
        }
    }
    assert_eq!(
        test_server
            .visited_by("나그네")
            .gets("/sign-in/?next=%2Frooms")
            .await
            .with(308)
            .header("location"),
        "/sign-in?next=%2Frooms"
    );
    assert_eq!(minji.gets("//").await.with(308).header("location"), "/");
}

#[tokio::test]
async fn no_spelling_leads_to_another_host() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    for away in ["//evil.example/", "///evil.example/", "//evil.example//"] {
        minji.gets(away).await.page(404);
        let answer = minji.posts(&format!("{away}?/set_theme"), &[("theme", "dark")]).await;
        assert_eq!(answer.leads_to(), "/", "{away}");
    }
    for away in ["//evil.example", "//evil.example/a"] {
        let answer = minji.posts(&format!("{away}?/set_language"), &[("language", "ko")]).await;
        assert_eq!(answer.leads_to(), "/", "{away}");
    }
}

#[tokio::test]
async fn what_is_posted_with_a_slash_is_taken() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    for slashes in ["/", "//"] {
        let (id, room) = (fresh_id().to_string(), study.to_string());
        let fields = [("room", &*room), ("client_id", &id), ("text", "사라지지 않아요")];
        let form = format!("{}{slashes}?/post_message", path(study));
        assert_eq!(minji.posts(&form, &fields).await.leads_to(), path(study));
        let form = format!("/api/post_message{slashes}");
        minji.posts(&form, &fields).await.with(200);
    }
    assert_eq!(minji.sees_in(study).await, ["사라지지 않아요"; 2]);
    let theme = minji.posts("/people/?/set_theme", &[("theme", "dark")]).await;
    assert_eq!(theme.leads_to(), "/people");
    let refused = minji.posts("/account/email/?/change_email", &[("email", "x")]).await.page(422);
    assert_eq!(refused.field("email").as_deref(), Some("x"));
    assert_eq!(minji.posts("/people/?/sign_out", &[]).await.leads_to(), "/sign-in");
    assert_eq!(minji.session_cookie(), None);
    assert!(minji.cookies().unwrap().contains("theme=dark"));
}

#[tokio::test]
async fn the_forms_of_a_page_that_does_not_exist_work() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let unknown = format!("/people/{}", fresh_id());
    let nowhere = format!("/room/{}", fresh_id());
    for page in ["/nothing", "/nothing/here", "/admin/a/b/c", &unknown, &nowhere] {
        let there = minji.elsewhere();
        there.signs_in_with(crate::helpers::PASSWORD).await.leads_to();
        there.gets(page).await.page(404).shows("?/sign_out");
        let dark = there.posts(&format!("{page}?/set_theme"), &[("theme", "dark")]).await;
        assert_eq!(dark.leads_to(), page);
        let english = there.posts(&format!("{page}?/set_language"), &[("language", "en")]).await;
        assert_eq!(english.leads_to(), page);
        let drawn = there.gets(page).await.page(404);
        drawn.shows("lang=\"en\"");
        drawn.shows("data-theme=\"dark\"");
        let cookies = there.cookies().unwrap();
        assert_eq!(there.posts(&format!("{page}?/sign_out"), &[]).await.leads_to(), "/sign-in");
        let thief = test_server.visited_by("도둑");
        for cookie in cookies.split("; ") {
            thief.has_cookie(cookie);
        }
        assert_eq!(thief.gets("/").await.leads_to(), "/sign-in", "{page}: signed out indeed");
    }
    minji.posts("/nothing?/no_such_form", &[]).await.page(404);
    minji.posts("/nothing", &[]).await.page(404);
}
