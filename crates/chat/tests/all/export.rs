//! What people take along: everything that is theirs, and nothing of anybody else's.

use crate::helpers::{TestApp, User};
use domain::{ids::ClientId, rooms::Visibility};
use serde_json::Value;
use std::collections::HashSet;
use uuid::Uuid;

/// Takes it piece by piece; the most bytes in a piece are counted.
async fn exports(user: &User) -> (Value, usize) {
    let mut export = user.chat.export(&user.actor).await.unwrap();
    let (mut text, mut most) = (String::new(), 0);
    while let Some(piece) = export.next().await.unwrap() {
        most = most.max(piece.len());
        text.push_str(&piece);
    }
    (serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")), most)
}

fn texts(export: &Value) -> Vec<&str> {
    export["messages"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn everything_of_ones_own_is_in_it() {
    let test_app = TestApp::new().await;
    let minji = test_app.member("minji@example.com", "민지").await;
    let junho = test_app.user("준호").await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let talk = test_app.chat.open_direct_room(&minji.actor, junho.actor.user()).await.unwrap();
    let left =
        test_app.chat.create_room(&junho.actor, None, "비밀 이름", Visibility::Open).await.unwrap();
    minji.enters(left).await;
    minji.says("여기도 있었어").in_room(left).await;
    minji.leaves(left).await;
    let said = minji.says("안녕 \"너\"\n<나>").in_room(study).await;
    minji.says("둘만의 말").in_room(talk).await;
    junho.says("남의 말").in_room(study).await;
    test_app.chat.create_profile(&minji.actor, None, "은빛 기사").await.unwrap();
    test_app.chat.choose_language(&minji.actor, "en").await.unwrap();

    let (export, _) = exports(&minji).await;
    assert_eq!(
        (export["format"].as_str(), export["version"].as_u64()),
        (Some("sarangbang-export"), Some(1))
    );
    assert_eq!(export["exported_at"], "2026-11-22T15:00:00Z");
    let account = &export["account"];
    assert_eq!(
        (&account["email"], &account["language"]),
        (&"minji@example.com".into(), &"en".into())
    );
    assert_eq!((&account["two_step"], &account["theme"]), (&Value::Bool(false), &Value::Null));
    let profiles: Vec<_> =
        export["profiles"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(profiles, ["민지", "은빛 기사"]);
    assert_eq!(export["devices"][0]["name"], "Firefox");
    let rooms = export["rooms"].as_array().unwrap();
    let of = |id: &str| rooms.iter().find(|room| room["id"] == id).unwrap();
    let own = of(&study.to_string());
    assert_eq!(
        (&own["title"], &own["role"], &own["kind"]),
        (&"공부방".into(), &"owner".into(), &"open".into())
    );
    assert_eq!(of(&talk.to_string())["title"], "준호");
    let gone = of(&left.to_string());
    assert_eq!(
        (&gone["title"], &gone["role"], &gone["state"]),
        (&Value::Null, &Value::Null, &"left".into())
    );
    let said_there: HashSet<_> = texts(&export).into_iter().collect();
    assert_eq!(said_there, HashSet::from(["여기도 있었어", "안녕 \"너\"\n<나>", "둘만의 말"]));
    let lines = export["messages"].as_array().unwrap();
    let line = lines.iter().find(|line| line["id"] == said.id.to_string()).unwrap();
    assert_eq!(line["room"], study.to_string());
    assert_eq!(
        (line["number"].as_i64(), &line["at"]),
        (Some(said.seq.0), &"2026-11-22T15:00:00Z".into())
    );
}

#[tokio::test]
async fn of_many_lines_none_is_missing_or_doubled_and_a_page_at_a_time_is_in_memory() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    let (empty, _) = exports(&minji).await;
    assert!(texts(&empty).is_empty());
    junho.enters(study).await;
    let long = "가".repeat(300);
    for n in 0..1_000 {
        let id = ClientId::from_uuid(Uuid::now_v7());
        let text = format!("{n} {long}");
        let (one, other) = (minji.says(&text).under(id), junho.says("남의 말"));
        if n % 4 == 0 {
            tokio::join!(one.in_room(study), other.in_room(study));
        } else {
            one.in_room(study).await;
        }
    }
    let (export, most) = exports(&minji).await;
    let texts: HashSet<_> = texts(&export).into_iter().map(str::to_owned).collect();
    assert_eq!(export["messages"].as_array().unwrap().len(), 1_000);
    assert_eq!(texts, (0..1_000).map(|n| format!("{n} {long}")).collect());
    assert!(most < 700_000, "{most}");
}
