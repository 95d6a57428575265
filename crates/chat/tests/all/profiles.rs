//! How people show themselves: live, on old lines, after a return; and never as somebody else.

use crate::{
    browser::{Browser, assert_in_step},
    helpers::{TestApp, User, frame, hears, soon},
};
use chat::Subscription;
use domain::{
    collation::ScriptFirst,
    error::{AppError, Field, What},
    ids::{ProfileId, RoomId},
    profiles::MAX_PROFILES,
    text::ValidationError,
    users::DisplayName,
    wire::ServerFrame,
};
use futures::future::join_all;

async fn default_of(user: &User) -> ProfileId {
    let profile_assignments = user.chat.profile_assignments(&user.actor).await.unwrap();
    let defaults: Vec<_> =
        profile_assignments.profiles.iter().filter(|own| own.is_default).collect();
    assert_eq!(defaults.len(), 1);
    defaults[0].id
}

/// What the browser shows a person's lines under.
fn display_name(browser: &Browser, user: &User) -> String {
    browser.timeline().member(user.actor.user()).unwrap().display_name("").to_owned()
}

/// What the person's own tab is told of themselves, room changes aside.
async fn hears_of_themselves(tab: &Subscription) -> String {
    loop {
        match serde_json::from_slice(&frame(soon(tab.receiver.recv()).await)).unwrap() {
            ServerFrame::You { name, .. } => return name.to_string(),
            ServerFrame::Changes(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn a_study(minji: &User, junho: &User) -> RoomId {
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    minji.says("옛날 말").in_room(study).await;
    study
}

#[tokio::test]
async fn a_new_name_is_seen_at_once_by_others_and_after_a_return() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = a_study(&minji, &junho).await;
    let mut there = Browser::opens(&junho, study).await;
    let mut away = Browser::opens(&junho, study).await;
    away.hangs_up();
    let own_tab = minji.connects().await;
    assert_eq!(junho.reads(study).await.members.len(), 2, "a page that is remembered");

    let profile = default_of(&minji).await;
    minji.chat.rename_profile(&minji.actor, profile, " 김민지 ").await.unwrap();
    assert_in_step(&mut there).await;
    assert_eq!(display_name(&there, &minji), "김민지");
    away.comes_back().await;
    assert_in_step(&mut away).await;
    assert_eq!(display_name(&away, &minji), "김민지");
    assert_eq!(hears_of_themselves(&own_tab).await, "김민지");
    assert_eq!(minji.chat.viewer(&minji.actor).await.unwrap().name.as_str(), "김민지");
}

#[tokio::test]
async fn whoever_signed_in_before_is_called_by_the_new_name_after() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", "따뜻한 온돌방의 밤").await.unwrap();
    let actor = test_app.actor(&token).await.unwrap();
    let own = test_app.chat.profile_assignments(&actor).await.unwrap().profiles;
    test_app.chat.rename_profile(&actor, own[0].id, "김민지").await.unwrap();
    assert_eq!(test_app.actor(&token).await.unwrap().viewer().name.as_str(), "김민지");
}

#[tokio::test]
async fn another_profile_for_one_room_is_seen_there_and_nowhere_else() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let (study, games) = (a_study(&minji, &junho).await, a_study(&minji, &junho).await);
    let mut browsers = [Browser::opens(&junho, study).await, Browser::opens(&junho, games).await];
    let knight = minji.chat.create_profile(&minji.actor, None, "은빛 기사").await.unwrap();
    minji.chat.set_room_profile(&minji.actor, games, Some(knight)).await.unwrap();
    for browser in &mut browsers {
        assert_in_step(browser).await;
    }
    assert_eq!(browsers.each_ref().map(|seen| display_name(seen, &minji)), ["민지", "은빛 기사"]);

    let newcomer = test_app.user("서연").await;
    minji.chat.set_default_profile(&minji.actor, knight).await.unwrap();
    let both = minji.chat.card(&newcomer.actor, minji.actor.user()).await.unwrap();
    assert_eq!((both.summary.name.as_str(), both.rooms.len(), both.own), ("은빛 기사", 0, None));
    let card = minji.chat.card(&junho.actor, minji.actor.user()).await.unwrap();
    assert_eq!(card.rooms.len(), 2);
    let own = minji.chat.card(&minji.actor, minji.actor.user()).await.unwrap();
    assert_eq!(own.own.unwrap().len(), 2);

    minji.chat.set_room_profile(&minji.actor, games, None).await.unwrap();
    for browser in &mut browsers {
        assert_in_step(browser).await;
        assert_eq!(display_name(browser, &minji), "은빛 기사");
    }
}

#[tokio::test]
async fn what_is_typed_wrong_or_not_theirs_is_refused() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let (chat, profile) = (&test_app.chat, default_of(&minji).await);
    let name = |error| AppError::invalid(Field::Name, error);
    let empty = chat.create_profile(&minji.actor, None, " \u{3164}").await;
    assert_eq!(empty, Err(name(ValidationError::Empty)));
    let long = chat.rename_profile(&minji.actor, profile, &"가".repeat(41)).await;
    assert_eq!(long, Err(name(ValidationError::TooLong { most: 40 })));
    let default = chat.delete_profile(&minji.actor, profile).await;
    assert_eq!(default, Err(AppError::DefaultProfile));
    let strange = chat.rename_profile(&junho.actor, profile, "바보").await;
    assert_eq!(strange, Err(AppError::NotFound(What::Profile)));
    assert_eq!(
        chat.set_default_profile(&junho.actor, profile).await,
        Err(AppError::NotFound(What::Profile))
    );
    chat.delete_profile(&junho.actor, profile).await.unwrap();
    assert_eq!(default_of(&minji).await, profile, "nothing came of it");
    for n in 1..MAX_PROFILES {
        chat.create_profile(&minji.actor, None, &format!("{n}")).await.unwrap();
    }
    let many = AppError::TooManyProfiles { most: MAX_PROFILES };
    assert_eq!(chat.create_profile(&minji.actor, None, "하나 더").await, Err(many));
}

#[tokio::test(flavor = "multi_thread")]
async fn renaming_again_and_again_at_once_leaves_everybody_with_the_same_name() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = a_study(&minji, &junho).await;
    let mut there = Browser::opens(&junho, study).await;
    let own_tab = minji.connects().await;
    let profile = default_of(&minji).await;
    let renaming = (0..16).map(|n| {
        let minji = minji.clone();
        tokio::spawn(async move {
            minji.chat.rename_profile(&minji.actor, profile, &format!("민지 {n}")).await.unwrap();
        })
    });
    assert!(join_all(renaming).await.into_iter().all(|done| done.is_ok()));
    assert_in_step(&mut there).await;
    let last = minji.chat.viewer(&minji.actor).await.unwrap().name.to_string();
    assert_eq!(display_name(&there, &minji), last);
    let told = std::iter::from_fn(|| own_tab.receiver.try_recv()).map(frame);
    let told = told.filter_map(|frame| match serde_json::from_slice(&frame).unwrap() {
        ServerFrame::You { name, .. } => Some(name.to_string()),
        _ => None,
    });
    assert_eq!(told.last(), Some(last), "whoever is told last is told what is so");
}

#[tokio::test]
async fn everybody_is_found_by_any_part_of_their_name_in_the_readers_order() {
    let test_app = TestApp::new().await;
    let users = test_app.users(["홍길동", "adam", "Zoe", "강민지", "김길동"]).await;
    let found = async |typed: &str, first| {
        let directory = test_app.chat.directory(&users[0].actor, typed, 1, first).await.unwrap();
        assert_eq!(directory.found, directory.entries.len());
        directory.entries.into_iter().map(|summary| summary.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("", ScriptFirst::Hangul).await, ["강민지", "김길동", "홍길동", "adam", "Zoe"]);
    assert_eq!(found("", ScriptFirst::Latin).await, ["adam", "Zoe", "강민지", "김길동", "홍길동"]);
    assert_eq!(found("ㅎㄱㄷ", ScriptFirst::Hangul).await, ["홍길동"]);
    assert_eq!(found(" ㄱㄷ ", ScriptFirst::Hangul).await, ["김길동", "홍길동"]);
    // 길동 as macOS hands it over.
    let loose = "\u{1100}\u{1175}\u{11af}\u{1103}\u{1169}\u{11bc}";
    assert_eq!(found(loose, ScriptFirst::Hangul).await, ["김길동", "홍길동"]);
    assert_eq!(found("ADA", ScriptFirst::Latin).await, ["adam"]);
    assert!(found("없는 사람", ScriptFirst::Hangul).await.is_empty());
    let past = test_app.chat.directory(&users[0].actor, "", 99, ScriptFirst::Latin).await.unwrap();
    assert_eq!((past.page, past.pages), (1, 1));
}

#[tokio::test]
async fn what_a_crash_kept_from_the_rooms_is_told_after_it() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let mut rooms = Vec::new();
    for n in 0..40 {
        let room = minji.makes_a_room(&format!("방 {n}")).await;
        junho.enters(room).await;
        rooms.push((room, junho.reads(room).await.through));
    }
    let profile = default_of(&minji).await;
    let name = DisplayName::parse("김민지").unwrap();
    // Committed, and nothing after it.
    let _ = test_app.store.rename_profile(minji.actor.user(), profile, &name).await.unwrap();

    let (test_app, ()) = test_app.restarts(async |_| ()).await;
    let tab = test_app.chat.connect(&junho.actor).await.unwrap();
    let maintenance = tokio::spawn(test_app.chat.clone().run_maintenance());
    for _ in 0..8 {
        assert_eq!(hears(&tab).await.members[0].display_name(""), "김민지");
    }
    for (room, before) in rooms {
        let changed = test_app.chat.changes(&junho.actor, room, before).await.unwrap().changes;
        assert_eq!(changed.members[0].display_name(""), "김민지");
    }
    maintenance.abort();
}
