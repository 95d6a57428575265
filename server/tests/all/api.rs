//! The server functions as a script calls them: the same answers as the forms, in JSON.

use crate::helpers::{PASSWORD, TestServer, User, fresh_id, nowhere};
use domain::error::{AppError, Field, What};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_script_is_answered_with_the_same_statuses_in_json() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let (room, id) = (study.to_string(), fresh_id().to_string());
    let says = |text: &'static str| {
        let fields = [("room", room.clone()), ("client_id", id.clone()), ("text", text.to_owned())];
        let minji = &minji;
        async move {
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            minji.calls("post_message", &fields).await
        }
    };
    let landing: Value = says("안녕").await.with(200).json();
    assert_eq!(landing, json!({ "path": format!("/room/{study}") }));
    says("안녕").await.with(200);
    assert_eq!(says("다른 말").await.with(409).error(), AppError::Conflict);
    let empty = says(" ").await.with(422).error();
    assert!(empty.field_error(Field::Text).is_some());

    let elsewhere = nowhere().to_string();
    let lost = minji.calls("read_page", &[("room", &elsewhere)]).await.with(404).error();
    assert_eq!(lost, AppError::NotFound(What::Room));
    for malformed in ["read_page", "post_message", "nothing", "sign_in", "..%2Fsign_out", "%F0%9F"]
    {
        let refused = minji.calls(malformed, &[("x", "y")]).await;
        assert!([400, 422].contains(&refused.status), "{malformed}: {refused:?}");
    }
    assert_eq!(minji.sees_in(study).await, ["안녕"]);
}

#[tokio::test]
async fn a_script_without_a_session_is_told_so() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await.to_string();
    let stranger = test_server.visited_by("나그네");
    let id = fresh_id().to_string();
    let everything: [(&str, &[(&str, &str)]); 5] = [
        ("list_rooms", &[]),
        ("create_room", &[("title", "방")]),
        ("join_room", &[("room", &study)]),
        ("read_page", &[("room", &study)]),
        ("post_message", &[("room", &study), ("client_id", &id), ("text", "들려요?")]),
    ];
    for (function, fields) in everything {
        let error = stranger.calls(function, fields).await.with(401).error();
        assert_eq!(error, AppError::SignedOut, "{function}");
    }
    let wrong = [("email", &*minji.email), ("password", "아니에요 아니야")];
    let error = stranger.calls("sign_in", &wrong).await.with(401).error();
    assert_eq!(error, AppError::WrongCredentials);
    let right = [("email", &*minji.email), ("password", PASSWORD)];
    assert!(stranger.calls("sign_in", &right).await.with(200).cookie("session").is_some());
    stranger.calls("list_rooms", &[]).await.with(200);
}

#[tokio::test]
async fn functions_are_posted_to_and_nothing_else() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    for function in ["list_rooms", "create_room?title=x", "sign_out", "nothing"] {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let path = format!("/api/{function}");
            minji.sends(minji.asks(method, &path)).await.with(405);
        }
    }
    assert!(minji.rooms().await.is_empty());
}

#[tokio::test]
async fn what_was_done_is_said_to_whatever_accepts_pages_too() {
    let test_server = TestServer::new().await;
    let minji = test_server.visited_by("민지");
    let asks = |user: &User, function: &str, fields: &[(&str, &str)]| {
        let request = user.asks(Method::POST, &format!("/api/{function}")).form(fields);
        let request = request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let referer = format!("http://{}/sign-up", test_server.address().host());
        let (user, request) = (user.clone(), request.header("referer", referer));
        async move { user.sends(request).await }
    };
    let fields = [("name", "민지"), ("email", &*minji.email), ("password", PASSWORD)];
    let done = asks(&minji, "sign_up", &fields).await.with(200);
    assert!(done.cookie("session").is_some());
    assert_eq!(done.json::<Value>(), json!({ "path": "/" }));
    // With the same password it would be the same form, sent twice.
    let fields = [("name", "민지"), ("email", &*minji.email), ("password", "다른 비밀번호예요")];
    let refused = asks(&minji, "sign_up", &fields).await.with(422);
    assert_eq!(refused.error(), AppError::EmailTaken);
    asks(&minji, "create_room", &[("title", "공부방")]).await.with(200);
    let rooms = asks(&minji, "list_rooms", &[]).await.with(200);
    assert_eq!(rooms.json::<Value>().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn too_large_is_413_however_it_is_sent() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let profile = minji.gets("/profiles").await;
    let profile = profile.body.split("/profiles/").nth(1).unwrap().get(..36).unwrap();
    let upload = format!("/profiles/{profile}/picture?/set_avatar");
    let pages =
        ["/?/create_room", "/api/create_room", "/?/post_message", "/api/read_page", &upload];
    for path in pages {
        let kind = if path == upload {
            "multipart/form-data; boundary=x"
        } else {
            "application/x-www-form-urlencoded"
        };
        let body = || "a".repeat(17 * 1024 * 1024);
        let whole = minji.asks(Method::POST, path).header("content-type", kind).body(body());
        minji.sends(whole).await.with(413);
        let answer = minji.posts_in_chunks(path, kind, body().as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
    }
}
