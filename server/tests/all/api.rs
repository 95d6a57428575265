//! The server functions as a script calls them: the same answers as the forms, in JSON.

use crate::helpers::{House, PASSWORD, fresh_id, nowhere};
use domain::problem::{Field, Problem};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_script_is_answered_with_the_same_statuses_in_json() {
    let house = House::new().await;
    let minji = house.welcomes("민지").await;
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
    assert_eq!(says("다른 말").await.with(409).json::<Problem>(), Problem::Conflict);
    let empty: Problem = says(" ").await.with(422).json();
    assert!(empty.fault(Field::Text).is_some());

    let elsewhere = nowhere().to_string();
    let lost: Problem = minji.calls("read_page", &[("room", &elsewhere)]).await.with(404).json();
    assert_eq!(lost, Problem::NotFound);
    for malformed in ["read_page", "post_message", "nothing", "sign_in", "..%2Fsign_out", "%F0%9F"]
    {
        let refused = minji.calls(malformed, &[("x", "y")]).await;
        assert!([400, 422].contains(&refused.status), "{malformed}: {refused:?}");
    }
    assert_eq!(minji.sees_in(study).await, ["안녕"]);
}

#[tokio::test]
async fn a_script_without_a_session_is_told_so() {
    let house = House::new().await;
    let minji = house.welcomes("민지").await;
    let study = minji.makes_room("공부방").await.to_string();
    let stranger = house.visited_by("나그네");
    let id = fresh_id().to_string();
    let everything: [(&str, &[(&str, &str)]); 5] = [
        ("list_rooms", &[]),
        ("create_room", &[("title", "방")]),
        ("enter_room", &[("room", &study)]),
        ("read_page", &[("room", &study)]),
        ("post_message", &[("room", &study), ("client_id", &id), ("text", "들려요?")]),
    ];
    for (function, fields) in everything {
        let problem: Problem = stranger.calls(function, fields).await.with(401).json();
        assert_eq!(problem, Problem::SignedOut, "{function}");
    }
    let wrong = [("email", &*minji.email), ("password", "아니에요 아니야")];
    let problem: Problem = stranger.calls("sign_in", &wrong).await.with(401).json();
    assert_eq!(problem, Problem::WrongCredentials);
    let right = [("email", &*minji.email), ("password", PASSWORD)];
    assert!(stranger.calls("sign_in", &right).await.with(200).cookie("session").is_some());
    stranger.calls("list_rooms", &[]).await.with(200);
}

#[tokio::test]
async fn functions_are_posted_to_and_nothing_else() {
    let house = House::new().await;
    let minji = house.welcomes("민지").await;
    for function in ["list_rooms", "create_room?title=x", "sign_out", "nothing"] {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let path = format!("/api/{function}");
            minji.sends(minji.asks(method, &path)).await.with(405);
        }
    }
    assert!(minji.rooms().await.is_empty());
}
