//! The cookies of this instance among those of others.

use crate::helpers::{PASSWORD, TestServer, User, fresh_id, path};
use reqwest::{Method, header::HeaderValue};

/// Cookies that other programs on the same host may have set: raw UTF-8, other encodings, not valid text.
const STRANGE: [&[u8]; 6] = [
    "nick=홍길동".as_bytes(),
    "이름=값".as_bytes(),
    b"nick=\xC8\xAB\xB1\xE6\xB5\xBF",
    b"\xFF\xFE\xFD",
    b"=; ;;",
    b"emoji=\xF0\x9F",
];

/// The user's own cookies, between foreign ones.
fn among(strange: &[u8], user: &User) -> [HeaderValue; 2] {
    let own = user.cookies().unwrap();
    [[strange, own.as_bytes()], [own.as_bytes(), strange]]
        .map(|pieces| HeaderValue::from_bytes(&pieces.join(&b"; "[..])).unwrap())
}

#[tokio::test]
async fn a_cookie_of_another_program_signs_nobody_out() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    // A browser with an empty jar: only these cookies are sent.
    let bare = minji.elsewhere();
    for cookies in STRANGE.into_iter().flat_map(|strange| among(strange, &minji)) {
        let asks = |method, path: &str| bare.asks(method, path).header("cookie", cookies.clone());
        bare.sends(asks(Method::GET, &path(study))).await.page(200).shows("공부방");
        let (room, id) = (study.to_string(), fresh_id().to_string());
        let form = asks(Method::POST, &format!("{}?/post_message", path(study)));
        let form = form.form(&[("room", &*room), ("client_id", &id), ("text", "여기 있어요")]);
        assert_eq!(bare.sends(form).await.leads_to(), path(study), "{cookies:?}");
        bare.sends(asks(Method::POST, "/api/list_rooms")).await.with(200);
        let mut socket = bare.connects_with(cookies.clone()).await;
        socket.greets(None, Vec::new()).await;
    }
    assert_eq!(minji.sees_in(study).await.len(), 2 * STRANGE.len());
}

#[tokio::test]
async fn two_instances_on_one_host_do_not_sign_each_other_out() {
    let (first, second) = (TestServer::new().await, TestServer::new().await);
    let minji = first.welcomes("민지").await;
    let there = minji.at(&second);
    there.signs_up().await.leads_to();
    minji.gets("/").await.page(200);
    there.gets("/").await.page(200);
    there.signs_out().await.leads_to();
    assert_eq!(there.gets("/").await.leads_to(), "/sign-in");
    minji.gets("/").await.page(200);
    there.signs_in_with(PASSWORD).await.leads_to();
    minji.signs_out().await.leads_to();
    there.gets("/").await.page(200);
    there.connects().await.greets(None, Vec::new()).await;
}

/// A new instance reads no cookie under the names of earlier versions.
#[tokio::test]
async fn a_cookie_without_the_epoch_opens_nothing_in_a_new_instance() {
    let test_server = TestServer::new().await;
    let cookie = test_server.welcomes("민지").await.session_cookie().unwrap();
    let (name, token) = cookie.split_once('=').unwrap();
    let (base, epoch) = name.rsplit_once('-').unwrap();
    assert_eq!((base, epoch.len()), ("session", 8));
    assert!(epoch.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{epoch}");
    let old = test_server.visited_by("옛 쿠키");
    old.has_cookie(&format!("session={token}"));
    assert_eq!(old.gets("/").await.leads_to(), "/sign-in");
}
