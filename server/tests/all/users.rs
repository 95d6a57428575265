//! Profiles and the directory, in a browser without scripts; and what other users see.

use crate::{
    avatars::{PNG, uploads},
    helpers::{Answer, TestServer, User, assert_in_step, attribute, path},
};
use domain::wire::ServerFrame;

/// The addresses of a user's profiles, the default first.
pub async fn profiles(user: &User) -> Vec<String> {
    hrefs(&user.gets("/profiles").await.page(200), "/profiles/")
}

fn hrefs(page: &Answer, begin: &str) -> Vec<String> {
    let links = page.tags("a").into_iter().filter_map(|tag| attribute(tag, "href"));
    links.filter(|href| href.starts_with(begin)).collect()
}

pub fn id_of(profile: &str) -> &str {
    profile.rsplit('/').next().unwrap()
}

async fn renames(user: &User, profile: &str, name: &str) -> Answer {
    let fields = [("profile", id_of(profile)), ("name", name)];
    user.posts(&format!("{profile}?/rename_profile"), &fields).await
}

#[tokio::test]
async fn a_new_name_reaches_the_others_live_and_after_a_return() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    minji.says(study, "옛날 말").await;
    let (mut tab, mut own) = (junho.opens(study).await, minji.opens(study).await);
    let mut away = junho.opens(study).await;
    away.socket = junho.connects().await;

    let profile = &profiles(&minji).await[0];
    assert_eq!(renames(&minji, profile, "김민지").await.leads_to(), "/profiles");
    assert_in_step(&mut tab).await;
    let me = own.timeline().me();
    assert_eq!(tab.timeline().member(me).unwrap().display_name(""), "김민지");
    loop {
        if let ServerFrame::You { name, .. } = own.takes_in_one().await {
            assert_eq!(name.as_str(), "김민지");
            break;
        }
    }
    away.comes_back().await;
    assert_in_step(&mut away).await;
    assert_eq!(away.timeline().member(me).unwrap().display_name(""), "김민지");
    junho.looks_at(study).await.page(200).shows("김민지");
    minji.gets("/").await.page(200).shows("김민지님, 어서 오세요");
}

#[tokio::test]
async fn a_form_elsewhere_is_still_held_to_what_a_form_can_hold() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let long = "가".repeat(1024 * 1024);
    minji.posts("/profiles?/create_profile", &[("name", &long)]).await.with(413);
    let name = "가".repeat(41);
    let page = minji.posts("/profiles?/create_profile", &[("name", &name)]).await.page(422);
    page.shows("40자까지 쓸 수 있어요.");
    assert_eq!(page.field("name"), Some(name));
}

#[tokio::test]
async fn another_profile_for_a_room_is_chosen_by_a_form() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let games = minji.makes_room("게임방").await;
    junho.enters(games).await;
    let mut tab = junho.opens(games).await;
    let made = minji.posts("/profiles?/create_profile", &[("name", "은빛 기사")]).await;
    let knight = made.leads_to().to_owned();
    let (room, id) = (games.to_string(), id_of(&knight).to_owned());
    let fields = [("room", &*room), ("profile", &*id)];
    assert_eq!(minji.posts("/profiles?/set_room_profile", &fields).await.leads_to(), "/profiles");
    assert_in_step(&mut tab).await;
    let names: Vec<_> =
        tab.timeline().members().map(|member| member.display_name("").to_owned()).collect();
    assert!(names.contains(&"은빛 기사".to_owned()), "{names:?}");

    minji.posts(&format!("{knight}?/delete_profile"), &[("profile", &id)]).await.leads_to();
    assert_in_step(&mut tab).await;
    let names: Vec<_> =
        tab.timeline().members().map(|member| member.display_name("").to_owned()).collect();
    assert_eq!(names.iter().filter(|name| *name == "민지").count(), 1, "{names:?}");
    let default = &profiles(&minji).await[0];
    let refused = [("profile", id_of(default))];
    minji.posts(&format!("{default}?/delete_profile"), &refused).await.page(422);
}

#[tokio::test]
async fn nobody_touches_a_profile_of_somebody_else() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let profile = &profiles(&minji).await[0];
    junho.gets(profile).await.page(404);
    junho.gets(&format!("{profile}/picture")).await.page(404);
    renames(&junho, profile, "바보").await.page(404);
    uploads(&junho, profile, "me.png", PNG, "").await.page(404);
    let stranger = test_server.visited_by("나그네");
    assert!(stranger.gets(profile).await.leads_to().starts_with("/sign-in"));
    assert!(
        uploads(&stranger, profile, "me.png", PNG, "").await.leads_to().starts_with("/sign-in")
    );
    let fields = [("profile", id_of(profile)), ("name", "바보")];
    stranger.calls("rename_profile", &fields).await.with(401);
    minji.gets(profile).await.page(200).shows("민지");
}

#[tokio::test]
async fn everybody_is_found_and_leads_to_a_card() {
    let test_server = TestServer::new().await;
    let [minji, gildong] = test_server.welcome_all(["민지", "홍길동"]).await;
    let study = minji.makes_room("공부방").await;
    gildong.enters(study).await;
    let page = minji.gets("/people?q=%E3%85%8E%E3%84%B1%E3%84%B7").await.page(200);
    let [card] = &*hrefs(&page, "/people/") else { panic!("{}", page.body) };
    let card = minji.gets(card).await.page(200);
    card.shows("홍길동");
    assert_eq!(hrefs(&card, "/room/"), [path(study)]);
    minji.gets("/people?q=%F0%FF&page=999999999999999999999").await.page(200);
    minji.gets("/people?q=<script>").await.page(200).hides("<script>\u{2019}");
    minji.gets("/people/nobody").await.page(404);
    let line = gildong.looks_at(study).await.page(200);
    assert!(hrefs(&line, "/people/").len() >= 2, "the members are links");
}
