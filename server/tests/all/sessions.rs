//! Signing up, in and out, and the session's cookie.

use crate::helpers::{PASSWORD, TestServer, User, path, within};
use reqwest::Method;
use std::time::Duration;

/// The attributes of the cookie, without its value.
fn attributes(cookie: &str) -> Vec<&str> {
    let mut attributes = cookie.split("; ").skip(1).collect::<Vec<_>>();
    attributes.sort_unstable();
    attributes
}

#[tokio::test]
async fn whoever_signs_up_is_in() {
    let test_server = TestServer::new().await;
    let minji = test_server.visited_by("민지");
    let answer = minji.signs_up().await;
    assert_eq!(answer.leads_to(), "/");
    let cookie = answer.cookie("session").unwrap();
    assert_eq!(attributes(cookie), ["HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=Lax"]);
    minji.gets("/").await.page(200).shows("민지");
}

#[tokio::test]
async fn behind_https_the_cookie_is_for_https_alone() {
    let test_server = TestServer::behind("https://chat.example").await;
    let answer = test_server.visited_by("민지").signs_up().await;
    let cookie = answer.cookie("__Host-session").unwrap();
    assert_eq!(
        attributes(cookie),
        ["HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=Lax", "Secure"]
    );
    let client_info = test_server.visited_by("민지");
    let with = |cookie: String| client_info.asks(Method::GET, "/").header("cookie", cookie);
    let token = cookie.split(';').next().unwrap();
    client_info.sends(with(token.to_owned())).await.page(200).shows("민지");
    let plain = token.replace("__Host-", "");
    assert_eq!(
        client_info.sends(with(plain)).await.leads_to(),
        "/sign-in",
        "any page could set it"
    );
}

#[tokio::test]
async fn the_address_is_compared_as_people_mean_it() {
    let test_server = TestServer::new().await;
    let minji = test_server.visited_by("민지");
    let fields = [("name", "민지"), ("email", " MinJi@Example.COM"), ("password", PASSWORD)];
    minji.posts("/sign-up?/sign_up", &fields).await.leads_to();
    let fields = [("email", "minji@example.com "), ("password", PASSWORD)];
    let again = minji.elsewhere();
    assert_eq!(again.posts("/sign-in?/sign_in", &fields).await.leads_to(), "/");
}

#[tokio::test]
async fn every_sign_in_is_a_new_token() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let first = minji.session_cookie();
    let (laptop, phone) = (minji.elsewhere(), minji.elsewhere());
    laptop.signs_in_with(PASSWORD).await.leads_to();
    phone.signs_in_with(PASSWORD).await.leads_to();
    assert_ne!(laptop.session_cookie(), first);
    assert_ne!(laptop.session_cookie(), phone.session_cookie());
    for each in [&minji, &laptop, &phone] {
        each.gets("/").await.page(200);
    }
}

#[tokio::test]
async fn the_session_survives_a_restart() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let _instance = test_server.restarts().await;
    minji.looks_at(study).await.page(200).shows("공부방");
    minji.says(study, "다시 왔어요").await;
}

#[tokio::test]
async fn signing_out_ends_the_session_and_its_sockets() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let phone = minji.elsewhere();
    phone.signs_in_with(PASSWORD).await.leads_to();
    let (mut at_the_laptop, mut at_the_phone) =
        (minji.opens(study).await, phone.opens(study).await);
    let taken = minji.session_cookie().unwrap();

    let answer = minji.signs_out().await;
    assert_eq!(answer.leads_to(), "/sign-in");
    assert!(attributes(answer.cookie("session").unwrap()).contains(&"Max-Age=0"));
    within(Duration::from_secs(1), at_the_laptop.socket.is_dismissed(4001)).await;
    assert_eq!(minji.session_cookie(), None, "the browser has thrown it away");

    let thief = test_server.visited_by("도둑");
    thief.has_cookie(&taken);
    assert_eq!(thief.gets("/").await.leads_to(), "/sign-in");
    thief.calls("list_rooms", &[]).await.with(401);
    thief.writes(study, crate::helpers::fresh_id(), "나는 민지").await.leads_to();
    assert!(phone.sees_in(study).await.is_empty());
    at_the_phone.says("이 전화는 아직 열려 있어요").await;
}

#[tokio::test]
async fn signing_in_as_somebody_else_ends_the_session_before() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    let mut tab = minji.opens(study).await;
    let before = minji.session_cookie().unwrap();
    let fields = [("email", &*junho.email), ("password", PASSWORD)];
    minji.posts("/sign-in?/sign_in", &fields).await.leads_to();
    tab.socket.is_dismissed(4001).await;
    minji.gets("/").await.page(200).shows("준호");
    let old = test_server.visited_by("옛 쿠키");
    old.has_cookie(&before);
    assert_eq!(old.gets("/").await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn signing_up_while_signed_in_ends_the_session_before() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let mut tab = minji.opens(study).await;
    let before = minji.session_cookie().unwrap();
    let fields = [("name", "준호"), ("email", "junho@example.com"), ("password", PASSWORD)];
    minji.posts("/sign-up?/sign_up", &fields).await.leads_to();
    tab.socket.is_dismissed(4001).await;
    minji.gets("/").await.page(200).shows("준호");
    let old = test_server.visited_by("옛 쿠키");
    old.has_cookie(&before);
    assert_eq!(old.gets("/").await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn signing_out_takes_its_own_cookies_by_name_and_leaves_those_of_the_device() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    minji.posts("/?/set_language", &[("language", "en")]).await.leads_to();
    let own = minji.cookies().unwrap();
    let (_, epoch) = own.split(['=', ';']).find_map(|it| it.split_once("session-")).unwrap();
    minji.has_cookie(&format!("half_way-{epoch}=0123"));
    minji.has_cookie("of-another-program=1");
    let answer = minji.signs_out().await;
    assert_eq!(
        answer.header("clear-site-data"),
        "\"storage\"",
        "what scripts kept, and no cookies"
    );
    let cookies = minji.cookies().unwrap();
    let mut left: Vec<_> = cookies.split(['=', ';']).step_by(2).map(str::trim).collect();
    left.sort_unstable();
    assert_eq!(left, [&format!("device-{epoch}"), "lang", "of-another-program"]);
}

async fn is_nobody(client_info: &User) {
    assert_eq!(client_info.gets("/").await.leads_to(), "/sign-in");
    client_info.calls("list_rooms", &[]).await.with(401);
    let mut socket = client_info.connects().await;
    socket.is_dismissed(4001).await;
}

#[tokio::test]
async fn a_made_up_cookie_is_nobody() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let me = minji.opens(study).await.timeline().me().to_string();
    let cookie = minji.session_cookie().unwrap();
    let (name, token) = cookie.split_once('=').unwrap();
    let longer = format!("{token}0");
    let upper = token.to_uppercase();
    let made_up = [
        "",
        "0",
        "null",
        "' OR 1=1 --",
        "%00",
        "../../etc/passwd",
        &me,
        &minji.email,
        &longer,
        &upper,
    ];
    for value in made_up {
        let forger = test_server.visited_by("도둑");
        forger.has_cookie(&format!("{name}={value}"));
        forger.has_cookie(&format!("session={token}"));
        forger.has_cookie(&format!("user_id={me}"));
        forger.has_cookie(&format!("__Host-{name}={token}"));
        is_nobody(&forger).await;
        forger.gets(&format!("{}?session={token}&person={me}", path(study))).await.leads_to();
    }
    let forger = test_server.visited_by("도둑");
    let heads = [("authorization", format!("Bearer {token}")), ("x-user-id", me)];
    let request = heads.iter().fold(forger.asks(Method::GET, "/"), |r, (k, v)| r.header(*k, v));
    assert_eq!(forger.sends(request).await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn whoever_guesses_is_slowed_down() {
    let test_server = TestServer::strict().await;
    let minji = test_server.welcomes("민지").await;
    let guesser = minji.elsewhere();
    let mut answers = Vec::new();
    for n in 0..11 {
        answers.push(guesser.signs_in_with(&format!("어쩌면 이것 {n}")).await.status);
    }
    assert_eq!((answers[0], answers[10]), (401, 429), "{answers:?}");
    guesser.signs_in_with(PASSWORD).await.page(429).shows("조금 천천히");
}
