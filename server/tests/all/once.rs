//! Forms that create something, submitted twice: one room, one profile, one link.

use crate::helpers::{Answer, TestServer, User, path};

/// The hidden fields of a form.
fn hidden_in(page: &Answer) -> [(&'static str, String); 2] {
    ["drawn_for", "client_id"].map(|name| (name, page.field(name).unwrap()))
}

/// Submits a form twice at once, and once more later; returns where that redirects to.
async fn presses_often(user: &User, to: &str, fields: &[(&str, &str)]) -> String {
    let (one, two) = tokio::join!(user.posts(to, fields), user.posts(to, fields));
    let later = user.posts(to, fields).await;
    assert_eq!((one.leads_to(), two.leads_to()), (later.leads_to(), later.leads_to()));
    later.leads_to().to_owned()
}

fn with<'a>(
    fields: &[(&'a str, &'a str)],
    hidden: &'a [(&'static str, String)],
) -> Vec<(&'a str, &'a str)> {
    let hidden = hidden.iter().map(|(name, value)| (*name, value.as_str()));
    fields.iter().copied().chain(hidden).collect()
}

#[tokio::test]
async fn a_room_is_made_once() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let page = minji.gets("/").await.page(200);
    let hidden = hidden_in(&page);
    let fields = with(&[("title", "공부방"), ("visibility", "private")], &hidden);
    let room = presses_often(&minji, "/?/create_room", &fields).await;
    assert_eq!(minji.rooms().await.len(), 1);
    assert_eq!(minji.gets(&room).await.status, 200);
    let next = hidden_in(&minji.gets("/").await.page(200));
    assert_ne!(next, hidden, "the next page makes another");
}

#[tokio::test]
async fn another_title_under_the_same_id_comes_back_with_what_was_typed() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let hidden = hidden_in(&minji.gets("/").await.page(200));
    minji.posts("/?/create_room", &with(&[("title", "공부방")], &hidden)).await.leads_to();
    let page = minji.posts("/?/create_room", &with(&[("title", "부엌")], &hidden)).await.page(409);
    page.shows("다른 내용으로 이미 보냈어요.");
    assert_eq!(page.field("title").as_deref(), Some("부엌"));
    let again = hidden_in(&page);
    assert_ne!(again, hidden);
    minji.posts("/?/create_room", &with(&[("title", "부엌")], &again)).await.leads_to();
    assert_eq!(minji.rooms().await.len(), 2);
}

#[tokio::test]
async fn a_form_that_was_refused_goes_on_under_its_id() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let hidden = hidden_in(&minji.gets("/").await.page(200));
    let page = minji.posts("/?/create_room", &with(&[("title", " ")], &hidden)).await.page(422);
    assert_eq!(hidden_in(&page), hidden, "trying again is trying the same");
    minji.posts("/?/create_room", &[("title", "x"), ("client_id", "no id")]).await.page(422);
    assert!(minji.rooms().await.is_empty());
}

#[tokio::test]
async fn a_profile_is_made_once() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let page = minji.gets("/profiles").await.page(200);
    let hidden = hidden_in(&page);
    let fields = with(&[("name", "은빛 기사")], &hidden);
    let profile = presses_often(&minji, "/profiles?/create_profile", &fields).await;
    minji.gets(&profile).await.page(200).shows("은빛 기사");
    let profiles = minji.gets("/profiles").await;
    assert_eq!(profiles.body.matches("href=\"/profiles/").count(), 2, "{}", profiles.body);
}

#[tokio::test]
async fn a_link_is_made_once_and_each_press_leads_to_it() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let invite = format!("{}/invite", path(study));
    let page = minji.gets(&invite).await.page(200);
    let (hidden, token, room) = (hidden_in(&page), page.field("token").unwrap(), study.to_string());
    let fields =
        with(&[("room", &room), ("lifetime", "7"), ("uses", "10"), ("token", &token)], &hidden);
    let link = presses_often(&minji, &format!("{invite}?/create_invite_link"), &fields).await;
    minji.gets(&link).await.page(200).shows(&format!("/join/{token}"));
    let page = minji.gets(&invite).await.page(200);
    assert_eq!(page.body.matches("?/revoke_link").count(), 1, "{}", page.body);
    assert_ne!(page.field("token").unwrap(), token);
}
