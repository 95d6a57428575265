//! What the chat that this one replaces got wrong. Each test is named after the defect and fails if
//! it ever comes in here.
//!
//! *Identity from the client* has no test at this layer, because it cannot be written down: every
//! use case takes an `Actor`, whose fields are private and which only `Chat::actor` makes, from the
//! token of a session. *A failed login answers 200* is the server's to get wrong, and tested there.

use crate::helpers::{TestApp, hears, hears_nothing, soon, texts};
use domain::{ids::RoomId, users::Email};
use futures::future::join_all;
use sha2::{Digest, Sha256};

#[tokio::test(flavor = "multi_thread")]
async fn duplicate_membership() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    let entering = (0..20).map(|_| {
        let junho = junho.clone();
        tokio::spawn(async move { junho.enters(study).await })
    });
    for entered in join_all(entering).await {
        entered.unwrap();
    }
    junho.enters(study).await;
    minji.enters(study).await;
    let members: Vec<_> =
        minji.reads(study).await.members.into_iter().map(|member| member.user).collect();
    assert_eq!(members, [minji.actor.user(), junho.actor.user()]);
    assert_eq!(junho.chat.rooms(&junho.actor).await.unwrap().len(), 1);
}

/// A room was shown only to whoever had entered it last.
#[tokio::test]
async fn vanishing_room() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let mut users = vec![minji];
    for n in 0..12 {
        let guest = test_app.user(&format!("손님 {n}")).await;
        guest.enters(study).await;
        users.push(guest);
        for user in &users {
            let rooms = user.chat.rooms(&user.actor).await.unwrap();
            let ids: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
            assert_eq!(ids, [study], "{}", user.actor.viewer().name);
            assert_eq!(user.reads(study).await.members.len(), users.len());
        }
    }
}

/// Lines came in whatever order the database had them, or by a clock that may be set back.
#[tokio::test]
async fn unordered_history() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let mut said = Vec::new();
    for n in 0..30 {
        let text = format!("{n}번째");
        let by = if n % 3 == 0 { &junho } else { &minji };
        by.says(&text).in_room(study).await;
        said.push(text);
        test_app.passes(if n % 2 == 0 { -90_000 } else { 10 });
    }
    assert_eq!(minji.sees_in(study).await, said);
    assert_eq!(junho.sees_in(study).await, said);
}

#[tokio::test]
async fn unsalted_hash() {
    let test_app = TestApp::new().await;
    let password = "따뜻한 온돌방의 밤";
    let mut hashes = Vec::new();
    for email in ["minji@example.com", "junho@example.com"] {
        test_app.signs_up(email, "우리", password).await.unwrap();
        let known = test_app.store.credentials(&Email::parse(email).unwrap()).await.unwrap();
        hashes.push(known.unwrap().password_hash);
    }
    assert_ne!(hashes[0], hashes[1], "the same password twice is two hashes");
    assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$")), "{hashes:?}");
    let quick = Sha256::digest(password);
    assert!(!test_app.bytes().windows(32).any(|window| window == quick.as_slice()));
}

/// The rooms of whoever had asked last were given to whoever connected next.
#[tokio::test]
async fn a_room_of_whoever_connects_next() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let diary = minji.makes_a_room("민지의 일기장").await;
    let notes = junho.makes_a_room("준호의 수첩").await;
    let (minjis, junhos) = tokio::join!(minji.connects(), junho.connects());
    minji.reads(diary).await;
    let junhos_next = junho.connects().await;

    minji.says("일기").in_room(diary).await;
    junho.says("메모").in_room(notes).await;
    assert_eq!(texts(&hears(&minjis).await), ["일기"]);
    hears_nothing(&minjis);
    for tab in [&junhos, &junhos_next] {
        assert_eq!(texts(&hears(tab).await), ["메모"]);
        hears_nothing(tab);
    }
}

/// After the connection broke nothing was heard until the room was entered anew.
#[tokio::test]
async fn no_rejoin() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    for n in 0..3 {
        let tab = junho.connects().await;
        let text = format!("{n}번째 연결");
        soon(minji.says(&text).in_room(study)).await;
        assert_eq!(texts(&hears(&tab).await), [text]);
    }
    let (test_app, ()) = test_app.restarts(async |_| ()).await;
    let tab = test_app.chat.connect(&junho.actor).await.unwrap();
    let after = test_app.user("서연").await;
    after.enters(study).await;
    assert_eq!(hears(&tab).await.members[0].display_name(""), "서연");
}
