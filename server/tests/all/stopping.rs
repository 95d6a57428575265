//! Stopping in order, whatever clients are connected and whatever they are doing.

use crate::helpers::{TestServer, assert_in_step};
use std::time::Duration;

/// Room to spare for a slow machine, and still well under the limit of ten seconds.
const QUICKLY: Duration = Duration::from_secs(8);

#[tokio::test]
async fn a_stop_tells_everybody_to_come_back() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let (mut minjis, mut junhos) = (minji.opens(study).await, junho.opens(study).await);
    let ((stopped, took), (), ()) = tokio::join!(
        test_server.stops(),
        minjis.socket.is_dismissed(1012),
        junhos.socket.is_dismissed(1012)
    );
    assert!(took < QUICKLY, "{took:?}");
    let _instance = stopped.opens_again().await;
    minjis.comes_back().await;
    assert_in_step(&mut minjis).await;
}

#[tokio::test]
async fn a_socket_that_does_not_answer_holds_nobody_up() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let (_deaf, _deaf_too) = (minji.opens(study).await, minji.opens(study).await);
    let (_, took) = test_server.stops().await;
    assert!(took < QUICKLY, "{took:?}");
}

/// It had not subscribed yet when the hub notified its subscribers.
#[tokio::test]
async fn a_socket_that_has_not_said_hello_holds_nobody_up() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let mut silent = minji.connects().await;
    let mut late = minji.connects().await;
    let (stopping, (), ()) = tokio::join!(
        test_server.stops(),
        async {
            late.tries_to_send(r#"{"type":"hello","protocol":2}"#).await;
            while late.hears_or_ends().await.is_some() {}
        },
        async { while silent.hears_or_ends().await.is_some() {} }
    );
    assert!(stopping.1 < QUICKLY, "{:?}", stopping.1);
}

#[tokio::test]
async fn a_stop_refuses_nobody_who_was_being_served() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let mut tab = minji.opens(study).await;
    tab.says("하나").await;
    test_server.is_told_to_stop();
    tab.socket.is_dismissed(1012).await;
    let _instance = test_server.stops().await.0.opens_again().await;
    assert_eq!(minji.sees_in(study).await, ["하나"]);
    tab.comes_back().await;
    assert_in_step(&mut tab).await;
}
