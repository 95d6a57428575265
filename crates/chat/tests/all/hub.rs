//! Hearing of things: who is told what, on which connection.

use crate::helpers::{TestApp, frame, hears, hears_nothing, soon, texts};
use domain::{error::AppError, messages::Rev, wire::CloseReason};

#[tokio::test]
async fn a_member_hears_what_is_said_and_who_comes() {
    let test_app = TestApp::new().await;
    let [minji, junho, seoyeon] = test_app.users(["민지", "준호", "서연"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let tab = junho.connects().await;

    let said = minji.says("안녕").in_room(study).await;
    let heard = hears(&tab).await;
    assert_eq!((heard.room, heard.after, heard.through), (study, Rev(3), Rev(4)));
    assert_eq!(heard.messages, [said]);
    seoyeon.enters(study).await;
    let heard = hears(&tab).await;
    assert_eq!((heard.after, heard.through), (Rev(4), Rev(5)));
    assert_eq!(heard.members[0].display_name(""), "서연");
    assert_eq!(heard.members, junho.reads(study).await.members[2..]);
    hears_nothing(&tab);
}

#[tokio::test]
async fn every_tab_hears_the_same_bytes_the_authors_own_too() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let tabs = [minji.connects().await, junho.connects().await, junho.connects().await];
    minji.says("안녕").in_room(study).await;
    let mut frames = Vec::new();
    for tab in &tabs {
        frames.push(frame(soon(tab.receiver.recv()).await));
    }
    let same_memory = |frame: &bytes::Bytes| frame.as_ptr() == frames[0].as_ptr();
    assert!(frames.iter().all(same_memory), "encoded once");
}

#[tokio::test]
async fn rooms_entered_or_made_later_are_heard_in_every_tab() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    let tabs = [junho.connects().await, junho.connects().await];
    minji.says("준호 없이").in_room(study).await;

    junho.enters(study).await;
    minji.says("어서 와").in_room(study).await;
    let kitchen = junho.makes_a_room("부엌").await;
    minji.enters(kitchen).await;
    minji.says("배고파").in_room(kitchen).await;
    for tab in &tabs {
        assert_eq!(hears(tab).await.members.len(), 1, "that one has come oneself");
        assert_eq!(texts(&hears(tab).await), ["어서 와"]);
        assert_eq!(hears(tab).await.members[0].display_name(""), "민지");
        let last = hears(tab).await;
        assert_eq!((last.room, texts(&last)), (kitchen, vec!["배고파"]));
        hears_nothing(tab);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_by_many_at_once_is_heard_in_order_without_a_hole() {
    let test_app = TestApp::new().await;
    let users = test_app.users(["민지", "준호", "서연", "도윤"]).await;
    let study = users[0].makes_a_room("공부방").await;
    for guest in &users[1..] {
        guest.enters(study).await;
    }
    let tab = users[0].connects().await;
    let talking = users.clone().map(|user| {
        tokio::spawn(async move {
            for n in 0..40 {
                user.says(&format!("{n}")).in_room(study).await;
            }
        })
    });
    for talk in talking {
        soon(talk).await.unwrap();
    }
    let mut cursor = Rev(5);
    while cursor < Rev(165) {
        let changes = hears(&tab).await;
        assert_eq!(changes.after, cursor);
        let revs: Vec<_> = changes.messages.iter().map(|message| message.rev.0).collect();
        assert_eq!(revs, (cursor.0 + 1..=changes.through.0).collect::<Vec<_>>());
        cursor = changes.through;
    }
    hears_nothing(&tab);
}

#[tokio::test]
async fn who_hangs_up_is_forgotten() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let tabs = [minji.connects().await, minji.connects().await];
    assert_eq!(test_app.chat.hub().connections(), 2);
    drop(tabs);
    assert_eq!(test_app.chat.hub().connections(), 0);
}

#[tokio::test]
async fn one_person_cannot_take_every_connection() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let mut tabs = Vec::new();
    let refused = loop {
        match minji.chat.connect(&minji.actor).await {
            Ok(tab) => tabs.push(tab),
            Err(refused) => break refused,
        }
        assert!(tabs.len() < 1_000, "no bound");
    };
    assert_eq!((tabs.len(), refused), (32, AppError::SlowDown { seconds: 60 }));
    junho.connects().await;
    tabs.pop();
    minji.connects().await;
}

#[tokio::test]
async fn when_the_server_stops_everybody_is_told_to_come_back() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let tabs = [minji.connects().await, junho.connects().await];
    test_app.chat.hub().disconnect_all();
    for tab in &tabs {
        let farewell = soon(tab.receiver.closed()).await;
        assert_eq!(farewell, CloseReason::Restarting);
        assert!(farewell.reconnect());
    }
    assert_eq!(test_app.chat.hub().connections(), 0);
}
