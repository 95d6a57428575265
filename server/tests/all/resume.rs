//! Reconnecting: whatever happened meanwhile arrives, once and in order.

use crate::helpers::{Tab, TestServer, User, assert_in_step, fresh_id};
use domain::{
    ids::{Epoch, RoomId},
    messages::Rev,
    wire::{ClientFrame, Cursor, ServerFrame},
};
use uuid::Uuid;

async fn a_room_of_two(test_server: &TestServer) -> (User, User, RoomId) {
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    (minji, junho, study)
}

#[tokio::test]
async fn who_was_away_catches_up_over_several_answers() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = a_room_of_two(&test_server).await;
    let mut tab = minji.opens(study).await;
    tab.says("잠깐 나갔다 올게").await;
    tab.socket.sends(tokio_tungstenite::tungstenite::Message::Close(None)).await;
    let mut said = vec!["잠깐 나갔다 올게".to_owned()];
    for n in 0..130 {
        let text = format!("{n}번째 말");
        junho.says(study, &text).await;
        said.push(text);
        if n == 60 {
            test_server.welcomes("서연").await.enters(study).await;
        }
    }
    tab.comes_back().await;
    assert_in_step(&mut tab).await;
    assert_eq!(tab.texts(), said);
    assert!(tab.answers() >= 3, "50 messages at most in each: {}", tab.answers());
}

#[tokio::test]
async fn what_happens_while_one_comes_back_is_not_lost() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = a_room_of_two(&test_server).await;
    let mut tab = minji.opens(study).await;
    for n in 0..70 {
        junho.says(study, &format!("떠난 사이 {n}")).await;
    }
    tab.comes_back().await;
    for n in 0..20 {
        junho.says(study, &format!("돌아오는 사이 {n}")).await;
    }
    tab.sees("돌아오는 사이 19").await;
    assert_in_step(&mut tab).await;
    assert_eq!(tab.timeline().messages().count(), 90);
}

/// A message posted while the socket opens, and nothing after it that would reveal a gap.
#[tokio::test]
async fn between_what_is_read_and_what_is_heard_there_is_no_hole() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = a_room_of_two(&test_server).await;
    let mut tab = minji.opens(study).await;
    let mut junhos = junho.opens(study).await;
    for n in 0..60 {
        let last = format!("마지막 {n}");
        tokio::join!(tab.comes_back(), junhos.says(&last));
        tab.sees(&last).await;
    }
    assert_in_step(&mut tab).await;
}

#[tokio::test]
async fn a_restart_in_the_middle_is_only_a_pause() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = a_room_of_two(&test_server).await;
    let (mut minjis, mut junhos) = (minji.opens(study).await, junho.opens(study).await);
    minjis.says("여기까지").await;
    junhos.sees("여기까지").await;

    let ((stopped, _), (), ()) = tokio::join!(
        test_server.stops(),
        minjis.socket.is_dismissed(1012),
        junhos.socket.is_dismissed(1012)
    );
    let lost = fresh_id();
    let _instance = stopped.opens_again().await;
    junhos.comes_back().await;
    junhos.tries_to_say(lost, "다시 켜졌네").await;
    junhos.is_told_that_it_is_stored(lost).await;
    minjis.comes_back().await;
    minjis.sees("다시 켜졌네").await;
    minjis.says("그러게").await;
    junhos.sees("그러게").await;
    for tab in [&mut minjis, &mut junhos] {
        assert_in_step(tab).await;
        assert_eq!(tab.texts(), ["여기까지", "다시 켜졌네", "그러게"]);
    }
}

#[tokio::test]
async fn what_was_sent_and_never_acknowledged_is_sent_again_once() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = a_room_of_two(&test_server).await;
    let mut tab = minji.opens(study).await;
    let id = fresh_id();
    tab.tries_to_say(id, "갔나?").await;
    // The connection is cut before the acknowledgement; the client cannot know whether the message was stored.
    tab.comes_back().await;
    let text = "갔나?";
    let retried = tab.client.retry(id, domain::clock::Millis(0));
    tab.socket.tells(&retried.unwrap_or_else(|| crate::helpers::send(study, id, text))).await;
    let first = tab.is_told_that_it_is_stored(id).await;
    tab.socket.tells(&crate::helpers::send(study, id, text)).await;
    let second = tab.is_told_that_it_is_stored(id).await;
    assert_eq!(first, second);
    minji.writes(study, id, "갔나?").await.leads_to();
    let test_server = test_server.restarts().await;
    tab.comes_back().await;
    tab.socket.tells(&crate::helpers::send(study, id, text)).await;
    assert_eq!(tab.is_told_that_it_is_stored(id).await, first, "also in another life");
    assert_eq!(junho.sees_in(study).await, ["갔나?"]);
    tab.socket.tells(&crate::helpers::send(study, id, "다른 말")).await;
    tab.socket.is_refused(domain::wire::NackCode::Conflict).await;
    assert_in_step(&mut tab).await;
    drop(test_server);
}

/// The server's answer to a `hello` with this cursor.
async fn greeted_from(user: &User, epoch: Option<Epoch>, cursor: Cursor) -> ServerFrame {
    let mut socket = user.connects().await;
    socket.greets(epoch, vec![cursor]).await;
    socket.hears().await
}

#[tokio::test]
async fn a_copy_of_another_database_is_reset() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = a_room_of_two(&test_server).await;
    junho.says(study, "하나").await;
    let page = minji.reads(study).await;
    let here = Cursor { room: study, after: page.through };
    let beyond = Cursor { room: study, after: Rev(page.through.0 + 1) };
    let another = Some(Epoch::from_uuid(Uuid::new_v4()));
    let reset = ServerFrame::Reset { room: study };
    assert_eq!(greeted_from(&minji, another, here).await, reset);
    assert_eq!(greeted_from(&minji, None, here).await, reset);
    assert_eq!(greeted_from(&minji, Some(page.epoch), beyond).await, reset);
    let answer = greeted_from(&minji, Some(page.epoch), here).await;
    assert!(matches!(answer, ServerFrame::Answer { head, .. } if head == page.through));
}

#[tokio::test]
async fn after_a_reset_one_is_in_step_again() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = a_room_of_two(&test_server).await;
    junho.says(study, "하나").await;
    let mut tab = minji.opens(study).await;
    let mut page = minji.reads(study).await;
    page.epoch = Epoch::from_uuid(Uuid::new_v4());
    page.messages.clear();
    tab.client.open(page);
    tab.comes_back().await;
    tab.sees("하나").await;
    junho.says(study, "둘").await;
    tab.sees("둘").await;
    assert_in_step(&mut tab).await;
}

/// A client that drops every other change and asks for what is missing.
#[tokio::test]
async fn a_hole_is_asked_for() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = a_room_of_two(&test_server).await;
    let mut tab: Tab = minji.opens(study).await;
    for n in 0..6 {
        junho.says(study, &format!("{n}")).await;
    }
    let mut changes = 0;
    while changes < 5 {
        changes += i32::from(matches!(tab.socket.hears().await, ServerFrame::Changes(_)));
    }
    tab.sees("0").await;
    assert_in_step(&mut tab).await;
    tab.socket.tells(&ClientFrame::Changes { room: study, after: Rev(i64::MAX) }).await;
    junho.says(study, "그 뒤").await;
    tab.sees("그 뒤").await;
    assert_in_step(&mut tab).await;
}
