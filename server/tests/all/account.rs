//! The user's account over its pages: for its owner only, with the password, and with immediate effect.

use crate::helpers::{PASSWORD, TestServer, User, attribute, path, within};
use domain::events::EventKind;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha1::Sha1;
use std::time::{Duration, SystemTime};

const PAGES: [&str; 7] = [
    "/account",
    "/account/email",
    "/account/password",
    "/account/two-step",
    "/account/delete",
    "/account/notices",
    "/account/export",
];
const FUNCTIONS: [&str; 7] = [
    "change_email",
    "change_password",
    "delete_account",
    "begin_two_factor",
    "confirm_two_factor",
    "end_two_factor",
    "mark_notices_read",
];
const FIELDS: [(&str, &str); 5] = [
    ("email", "thief@example.com"),
    ("password", PASSWORD),
    ("new_password", "시원한 대청마루의 낮"),
    ("confirmed", "yes"),
    ("code", "123456"),
];

/// The code that an app shows now for the secret on the page.
fn code(secret: &str, steps_later: u64) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letters = secret.chars().filter_map(|c| letters.find(c));
    let bits = letters.flat_map(|letter| (0..5).rev().map(move |bit| letter >> bit & 1));
    let bits: Vec<_> = bits.map(|bit| u8::from(bit == 1)).collect();
    let bytes = bits.chunks_exact(8);
    let secret: Vec<_> =
        bytes.map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() / 30 + steps_later;
    let mut mac = Hmac::<Sha1>::new_from_slice(&secret).unwrap();
    mac.update(&now.to_be_bytes());
    let mac = mac.finalize().into_bytes();
    let at = usize::from(mac[19] & 0xF);
    let word = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap());
    format!("{:06}", (word & 0x7FFF_FFFF) % 1_000_000)
}

/// Sets up two-factor sign-in by its pages; returns the secret and the recovery codes.
async fn sets_it_up(user: &User) -> (String, Vec<String>) {
    let form = "/account/two-step?/begin_two_factor";
    user.posts(form, &[("password", PASSWORD)]).await.leads_to();
    let page = user.gets("/account/two-step").await.page(200);
    let (_, secret) = page.body.split_once("class=\"secret\">").unwrap();
    let secret = secret.split('<').next().unwrap().to_owned();
    let (_, codes) = page.body.split_once("class=\"recovery-codes\">").unwrap();
    let codes = codes.split("</ul>").next().unwrap().split("<li>").skip(1);
    let codes = codes.map(|item| item.split('<').next().unwrap().to_owned()).collect();
    let fields = [("code", &*code(&secret, 0))];
    user.posts("/account/two-step?/confirm_two_factor", &fields).await.leads_to();
    (secret, codes)
}

#[tokio::test]
async fn an_account_is_there_for_its_owner_alone() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let stranger = test_server.visited_by("나그네");
    for page in PAGES {
        let going = format!("/sign-in?next={}", page.replace('/', "%2F"));
        assert_eq!(stranger.gets(page).await.leads_to(), going);
    }
    for function in FUNCTIONS {
        stranger.calls(function, &FIELDS).await.with(401);
        let form = format!("/account?/{function}");
        assert_eq!(stranger.posts(&form, &FIELDS).await.leads_to(), "/sign-in?next=%2Faccount");
    }
    junho.gets("/account").await.page(200).hides(&minji.email);
    minji.gets("/account").await.page(200).shows(&minji.email);
    for page in PAGES {
        let fields = [("user", "x"), ("email", &*minji.email)];
        let asked = format!("{page}?email={}", minji.email);
        junho.sends(junho.asks(reqwest::Method::GET, &asked).query(&fields)).await.with(200);
    }
    assert_eq!(minji.elsewhere().signs_in_with(PASSWORD).await.leads_to(), "/");
}

#[tokio::test]
async fn a_refused_change_says_why_beside_its_field_and_keeps_what_is_no_secret() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let fields = [("email", "new@example.org"), ("password", "차가운 온돌방의 밤")];
    let page = minji.posts("/account/email?/change_email", &fields).await.page(422);
    page.shows("지금 쓰는 비밀번호가 아니에요.");
    assert_eq!(page.field("email").as_deref(), Some("new@example.org"));
    page.hides("차가운 온돌방의 밤");

    let fields = [("password", PASSWORD), ("new_password", "password1")];
    let page = minji.posts("/account/password?/change_password", &fields).await.page(422);
    page.shows("너무 흔한 비밀번호예요.");
    page.hides(PASSWORD);
    page.hides("password1");

    let fields = [("password", PASSWORD)];
    let page = minji.posts("/account/delete?/delete_account", &fields).await.page(422);
    page.shows("계속하려면 이 칸에 표시해 주세요.");
    page.hides(PASSWORD);
    minji.calls("change_email", &[("email", "new@example.org")]).await.with(422);
    minji.gets("/account").await.page(200).shows(&minji.email);
}

#[tokio::test]
async fn a_changed_password_leaves_this_device_in_and_ends_the_sockets_of_the_others() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let phone = minji.elsewhere();
    phone.signs_in_with(PASSWORD).await.leads_to();
    let mut at_the_phone = phone.opens(study).await;
    let mut here = minji.opens(study).await;
    let fields = [("password", PASSWORD), ("new_password", "시원한 대청마루의 낮")];
    let changed = minji.posts("/account/password?/change_password", &fields).await;
    assert_eq!(changed.leads_to(), "/account");
    within(Duration::from_secs(1), at_the_phone.socket.is_dismissed(4001)).await;
    assert_eq!(phone.gets("/").await.leads_to(), "/sign-in");
    here.says("아직 여기 있어요").await;
    minji.elsewhere().signs_in_with(PASSWORD).await.page(401);
}

#[tokio::test]
async fn a_deleted_account_is_gone_within_a_second_and_after_a_return() {
    let test_server = TestServer::new().await;
    // The first account is the administrator's, which cannot be deleted: other users would have no administrator.
    let [_, minji, junho] = test_server.welcome_all(["집사", "홍길순", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    minji.says(study, "옛날 말").await;
    let mut tab = junho.opens(study).await;
    let mut own = minji.opens(study).await;
    let author = own.timeline().me();

    let fields = [("password", PASSWORD), ("confirmed", "yes")];
    let gone = minji.posts("/account/delete?/delete_account", &fields).await;
    assert_eq!(gone.leads_to(), "/sign-in");
    assert!(gone.cookie("session").unwrap().contains("Max-Age=0"));
    within(Duration::from_secs(1), own.socket.is_dismissed(4001)).await;
    within(Duration::from_secs(1), async {
        while tab.timeline().member(author).unwrap().name.is_some() {
            tab.takes_in_one().await;
        }
    })
    .await;
    let what: Vec<_> = tab.timeline().events().iter().map(|event| event.kind).collect();
    assert_eq!(what, [EventKind::Joined, EventKind::OwnershipTransferred, EventKind::Left]);
    let page = junho.looks_at(study).await.page(200);
    page.shows("떠난 멤버");
    page.shows("옛날 말");
    page.hides("홍길순");
    junho.gets("/people").await.page(200).hides("홍길순");
    junho.gets(&format!("/people/{author}")).await.page(404);
    junho.calls("open_direct_room", &[("user", &author.to_string())]).await.with(404);
    minji.signs_in_with(PASSWORD).await.page(401);
    assert_eq!(minji.signs_up().await.leads_to(), "/", "the address is free");
    junho.posts("/?/set_language", &[("language", "en")]).await.leads_to();
    junho.looks_at(study).await.page(200).shows("Former member");
}

#[tokio::test]
async fn an_export_is_a_file_of_ones_own() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    minji.says(study, "내 말").await;
    junho.says(study, "남의 말").await;
    let file = minji.gets("/account/export").await.with(200);
    assert!(file.header("content-type").starts_with("application/json"));
    let name = file.header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"sarangbang-20") && name.ends_with(".json\""));
    assert_eq!(file.header("cache-control"), "private, no-store");
    let export: Value = file.json();
    assert_eq!(export["account"]["email"], minji.email);
    assert_eq!(export["messages"].as_array().unwrap().len(), 1);
    assert_eq!(export["messages"][0]["text"], "내 말");
    file.hides("남의 말");
}

#[tokio::test]
async fn after_the_password_the_code_is_asked_for_on_a_page_of_its_own() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let (secret, codes) = sets_it_up(&minji).await;
    assert_eq!(codes.len(), 10);
    let page = minji.gets("/account/two-step").await.page(200);
    page.hides(&secret);
    page.hides(&codes[0]);

    let phone = minji.elsewhere();
    let next = path(study);
    let fields = [("email", &*phone.email), ("password", PASSWORD), ("next", &next)];
    let pending = phone.posts("/sign-in?/sign_in", &fields).await;
    let gate = format!("/sign-in/code?next={next}");
    assert_eq!(pending.leads_to(), gate);
    let cookie = pending.cookie("half_way").unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("Max-Age=300"), "{cookie}");
    assert!(pending.cookie("session").is_none());
    assert_eq!(phone.gets("/").await.leads_to(), "/sign-in", "half a sign-in opens nothing");
    phone.calls("list_rooms", &[]).await.with(401);
    let pending = cookie.split(';').next().unwrap();
    let thief = test_server.visited_by("도둑");
    thief.has_cookie(&pending.replace("half_way", "session"));
    assert_eq!(thief.gets("/").await.leads_to(), "/sign-in");

    let page = phone.gets(&gate).await.page(200);
    assert_eq!(page.field("next"), Some(next.clone()));
    let form = "/sign-in/code?/submit_code";
    let wrong = phone.posts(form, &[("code", "abcdefghijkmnpqr"), ("next", &next)]).await.page(422);
    wrong.shows("맞지 않거나 이미 쓴 코드예요.");
    wrong.hides("abcdefghijkmnpqr");
    assert_eq!(wrong.field("next"), Some(next.clone()));
    let right = phone.posts(form, &[("code", &*code(&secret, 1)), ("next", &next)]).await;
    assert_eq!(right.leads_to(), next);
    phone.looks_at(study).await.page(200);
    assert!(phone.cookies().unwrap().split("; ").all(|cookie| !cookie.starts_with("half_way")));

    let other = minji.elsewhere();
    other.signs_in_with(PASSWORD).await.leads_to();
    assert_eq!(other.posts(form, &[("code", &*codes[0])]).await.leads_to(), "/");
    let last = test_server.visited_by("나그네").posts(form, &[("code", "123456")]).await.page(422);
    last.shows("처음부터 다시 로그인해 주세요.");
}

#[tokio::test]
async fn a_lost_second_step_is_taken_off_and_its_user_is_told_at_the_next_sign_in() {
    let test_server = TestServer::new().await;
    let [keeper, minji] = test_server.welcome_all(["집사", "민지"]).await;
    let study = minji.makes_room("공부방").await;
    let her = minji.reads(study).await.members[0].user;
    sets_it_up(&minji).await;
    let user = format!("/admin/people/{her}");
    keeper.gets(&user).await.page(200).shows("2단계 로그인 끄기");
    let fields = [("user", &*her.to_string()), ("action", "remove_two_factor")];
    let done = keeper.posts(&format!("{user}?/run_admin_action"), &fields).await;
    assert_eq!(done.leads_to(), user);
    keeper.gets(&user).await.page(200).hides("2단계 로그인 끄기");
    keeper.gets("/admin/log").await.page(200).shows("집사님이 민지님의 2단계 로그인을 껐습니다");

    let phone = minji.elsewhere();
    assert_eq!(phone.signs_in_with(PASSWORD).await.leads_to(), "/");
    let held_up = phone.gets("/").await;
    phone.gets(held_up.leads_to()).await.page(200).shows("집사님이 내 2단계 로그인을 껐어요.");
}

#[tokio::test]
async fn an_open_session_alone_turns_no_second_step_on() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let form = "/account/two-step?/begin_two_factor";
    for (fields, said) in [
        (&[][..], "지금 쓰는 비밀번호를 입력해 주세요."),
        (&[("password", "차가운 온돌방의 밤")], "지금 쓰는 비밀번호가 아니에요."),
    ] {
        let page = minji.posts(form, fields).await.page(422);
        page.shows(said);
        page.hides("class=\"secret\"");
    }
    minji.posts("/?/set_language", &[("language", "en")]).await.leads_to();
    let page = minji.posts(form, &[("password", "wrong")]).await.page(422);
    page.shows("This is not your present password.");
    minji.gets("/account/two-step").await.page(200).hides("class=\"secret\"");
    minji.elsewhere().signs_in_with(PASSWORD).await.leads_to();
}

#[tokio::test]
async fn what_was_chosen_goes_along_to_a_new_device() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let before = minji.elsewhere().signs_in_with(PASSWORD).await;
    assert!(before.cookie("lang").is_none() && before.cookie("theme").is_none());
    minji.posts("/?/set_language", &[("language", "en")]).await.leads_to();
    minji.posts("/?/set_theme", &[("theme", "dark")]).await.leads_to();
    let phone = minji.elsewhere();
    let answer = phone.signs_in_with(PASSWORD).await;
    assert!(answer.cookie("lang").unwrap().starts_with("lang=en;"));
    assert!(answer.cookie("theme").unwrap().starts_with("theme=dark;"));
    let page = phone.gets("/account").await.page(200);
    let html = page.tags("html")[0];
    assert_eq!(attribute(html, "lang").as_deref(), Some("en"));
    assert_eq!(attribute(html, "data-theme").as_deref(), Some("dark"));
}
