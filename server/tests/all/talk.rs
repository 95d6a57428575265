//! Users chatting, each in a tab of their own.

use crate::helpers::{Socket, TestServer, assert_in_step, fresh_id, send};
use domain::{
    messages::Message,
    wire::{ClientFrame, ServerFrame},
};

#[tokio::test]
async fn two_users_talk() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    let mut minjis = minji.opens(study).await;
    junho.enters(study).await;
    let mut junhos = junho.opens(study).await;
    minjis.says("안녕, 준호야").await;
    junhos.sees("안녕, 준호야").await;
    junhos.says("안녕!\n잘 지냈어?").await;
    minjis.sees("안녕!\n잘 지냈어?").await;
    assert_eq!(minjis.texts(), ["안녕, 준호야", "안녕!\n잘 지냈어?"]);
    assert_in_step(&mut minjis).await;
    assert_in_step(&mut junhos).await;
}

#[tokio::test]
async fn scripts_and_no_scripts_talk_to_each_other() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut tab = minji.opens(study).await;
    junho.says(study, "나는 스크립트 없이").await;
    tab.sees("나는 스크립트 없이").await;
    tab.says("나는 있이").await;
    assert_eq!(junho.looks_at(study).await.lines(), ["나는 스크립트 없이", "나는 있이"]);
    assert_in_step(&mut tab).await;
}

#[tokio::test]
async fn three_people_in_two_rooms_hear_what_is_theirs() {
    let test_server = TestServer::new().await;
    let [minji, junho, seoyeon] = test_server.welcome_all(["민지", "준호", "서연"]).await;
    let (study, yard) = (minji.makes_room("공부방").await, seoyeon.makes_room("마당").await);
    junho.enters(study).await;
    junho.enters(yard).await;
    let mut in_study = minji.opens(study).await;
    let mut in_both = junho.opens(study).await;
    let mut in_yard = seoyeon.opens(yard).await;

    in_study.says("공부합시다").await;
    in_yard.says("놀아요").await;
    in_both.sees("공부합시다").await;
    // A connection's frames are in the order of the changes: after these, none is on its way.
    junho.says(study, "공부방 끝").await;
    junho.says(yard, "마당 끝").await;
    in_study.sees("공부방 끝").await;
    in_yard.sees("마당 끝").await;
    in_both.sees("공부방 끝").await;
    while in_both.rooms_heard_of() != [study, yard].into() {
        in_both.takes_in_one().await;
    }
    assert_eq!(in_study.rooms_heard_of(), [study].into());
    assert_eq!(in_yard.rooms_heard_of(), [yard].into());
    for tab in [&mut in_study, &mut in_both, &mut in_yard] {
        assert_in_step(tab).await;
    }
}

#[tokio::test]
async fn every_tab_of_a_person_hears_what_they_say() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let (mut one, mut other) = (minji.opens(study).await, minji.opens(study).await);
    one.says("여기서").await;
    other.sees("여기서").await;
    assert_in_step(&mut one).await;
    assert_in_step(&mut other).await;
}

#[tokio::test]
async fn who_comes_in_is_seen_at_once() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    let mut tab = minji.opens(study).await;
    junho.enters(study).await;
    while tab.timeline().members().count() < 2 {
        tab.takes_in_one().await;
    }
    assert_in_step(&mut tab).await;
}

#[tokio::test]
async fn a_room_entered_later_is_heard_on_the_open_socket() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let notes = junho.makes_room("수첩").await;
    let mut tab = junho.opens(notes).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    minji.says(study, "어서 와").await;
    while !tab.rooms_heard_of().contains(&study) {
        tab.takes_in_one().await;
    }
    let yard = junho.makes_room("마당").await;
    junho.says(yard, "내 방").await;
    while !tab.rooms_heard_of().contains(&yard) {
        tab.takes_in_one().await;
    }
    assert_in_step(&mut tab).await;
}

async fn acknowledgement(socket: &mut Socket) -> Message {
    loop {
        if let ServerFrame::Ack { message, .. } = socket.hears().await {
            return message;
        }
    }
}

/// A message is acknowledged only once it is on disk: a read after the acknowledgement finds it.
#[tokio::test]
async fn an_acknowledgement_means_stored() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut socket = minji.connects().await;
    let me = socket.greets(None, Vec::new()).await;
    for n in 0..10 {
        let id = fresh_id();
        socket.tells(&send(study, id, &format!("{n}번째"))).await;
        let ack = acknowledgement(&mut socket).await;
        assert_eq!((ack.client_id, ack.author), (id, me));
        let page = junho.reads(study).await;
        assert_eq!(page.messages.last(), Some(&ack));
        // Sent again, it is acknowledged as it was stored.
        socket.tells(&send(study, id, &format!("{n}번째"))).await;
        assert_eq!(acknowledgement(&mut socket).await, ack);
    }
    let test_server = test_server.restarts().await;
    assert_eq!(junho.sees_in(study).await.len(), 10);
    drop(test_server);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_voices_at_once_are_one_conversation() {
    let test_server = TestServer::new().await;
    let users = test_server.welcome_all(["민지", "준호", "서연", "도윤"]).await;
    let study = users[0].makes_room("공부방").await;
    let mut talking = Vec::new();
    for user in users {
        user.enters(study).await;
        let mut tab = user.opens(study).await;
        talking.push(tokio::spawn(async move {
            for n in 0..25 {
                tab.says(&format!("{} {n}", user.name)).await;
            }
            tab
        }));
    }
    let mut tabs = Vec::new();
    for talk in talking {
        tabs.push(talk.await.unwrap());
    }
    for tab in &mut tabs {
        assert_in_step(tab).await;
        assert_eq!(tab.timeline().messages().count(), 100);
    }
    assert_eq!(tabs[0].texts(), tabs[3].texts());
}

#[tokio::test]
async fn reading_is_remembered() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut tab = junho.opens(study).await;
    for text in ["하나", "둘", "셋"] {
        minji.says(study, text).await;
    }
    tab.sees("셋").await;
    assert_eq!(junho.rooms().await[0].unread, 3);
    let second = tab.timeline().messages().nth(1).unwrap().seq;
    tab.socket.tells(&ClientFrame::Read { room: study, seq: second }).await;
    tab.socket.tells(&ClientFrame::Ping).await;
    while tab.takes_in_one().await != ServerFrame::Pong {}
    assert_eq!(junho.rooms().await[0].unread, 1);
    assert_in_step(&mut tab).await;
}

#[tokio::test]
async fn what_was_written_offline_is_taken_in_its_order_however_much_it_is() {
    let test_server = TestServer::strict().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let mut tab = minji.opens(study).await;
    let texts: Vec<_> = (0..40).map(|n| format!("{n}번째")).collect();
    for text in &texts {
        tab.tries_to_say(fresh_id(), text).await;
    }
    while !tab.waits_for_nothing() {
        tab.takes_in_one().await;
    }
    let stored = tab.timeline().messages().map(|message| message.text.to_string());
    assert_eq!(stored.collect::<Vec<_>>(), texts, "30 at once, and the others one after the other");
}
