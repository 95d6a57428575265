//! Clients that are slow, and clients that vanish without closing.

use crate::helpers::{TestServer, assert_in_step};
use domain::wire::ServerFrame;
use server::SocketTimeouts;
use std::time::Duration;

/// Bytes of one message: 4,000 syllables.
const LONG: usize = 12_000;
/// More messages than the sockets' buffers, a few MB each way, and the connection's queue can hold.
const LINES: usize = 1_500;

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_slowly_is_caught_up_without_asking() {
    let patient = Duration::from_mins(1);
    let timeouts = SocketTimeouts {
        write_timeout: patient,
        answer_write_timeout: patient,
        ..SocketTimeouts::default()
    };
    let test_server = TestServer::with(timeouts).await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut slow = junho.opens(study).await;
    let mut minjis = minji.opens(study).await;
    let text = "가".repeat(LONG / 3);
    minjis.says_often(&text, LINES).await;
    while slow.timeline().messages().count() < LINES {
        slow.takes_in_one().await;
    }
    assert_in_step(&mut slow).await;
    assert_eq!(slow.answers(), 1, "it asked for nothing but where it stood when it came");
    let told = slow.heard.iter().filter(|frame| matches!(frame, ServerFrame::Changes(_))).count();
    assert!(told < LINES, "{told} frames: it was never behind");
    assert_in_step(&mut minjis).await;
}

#[tokio::test]
async fn who_never_says_hello_is_let_go() {
    let timeouts =
        SocketTimeouts { hello_within: Duration::from_millis(50), ..SocketTimeouts::default() };
    let test_server = TestServer::with(timeouts).await;
    let minji = test_server.welcomes("민지").await;
    minji.connects().await.is_dismissed(4002).await;
}

#[tokio::test]
async fn who_is_gone_without_a_word_is_let_go() {
    let timeouts =
        SocketTimeouts { heartbeat: Duration::from_millis(100), ..SocketTimeouts::default() };
    let test_server = TestServer::with(timeouts).await;
    let minji = test_server.welcomes("민지").await;
    let mut gone = minji.connects().await;
    gone.greets(None, Vec::new()).await;
    let last = gone.reads_without_answering().await;
    assert!(last.contains(r#""code":4002,"reconnect":true"#), "{last}");
}

#[tokio::test]
async fn who_takes_nothing_holds_nobody_up() {
    let timeouts =
        SocketTimeouts { write_timeout: Duration::from_millis(200), ..SocketTimeouts::default() };
    let test_server = TestServer::with(timeouts).await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let _deaf = junho.opens(study).await;
    let mut minjis = minji.opens(study).await;
    let text = "가".repeat(LONG / 3);
    minjis.says_often(&text, LINES).await;
    assert_in_step(&mut minjis).await;
}
