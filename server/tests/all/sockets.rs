//! Who may open a socket, how many of them, and how it ends.

use crate::helpers::{TestServer, assert_all_is_well};
use domain::wire::{ClientFrame, PROTOCOL, ServerFrame};
use reqwest::Method;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_page_of_another_site_cannot_connect() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let host = test_server.address().host();
    let foreign = [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        String::new(),
        host.clone(),
        "http://127.0.0.1".to_owned(),
        format!("http://evil.example/{host}"),
        format!("http://{host}.evil.example"),
        format!("http://{host}@evil.example"),
        format!("http://{host}/room"),
        format!("file://{host}"),
    ];
    for origin in foreign {
        assert_eq!(minji.knocks(Some(&origin)).await.err(), Some(403), "{origin}");
    }
    assert_eq!(minji.knocks(None).await.err(), Some(403));
    assert!(minji.knocks(Some(&format!("http://{host}"))).await.is_ok());
}

#[tokio::test]
async fn a_socket_without_a_session_is_dismissed() {
    let test_server = TestServer::new().await;
    let mut socket = test_server.visited_by("나그네").connects().await;
    socket.is_dismissed(4001).await;
}

#[tokio::test]
async fn an_ordinary_request_to_the_socket_is_refused() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    for method in [Method::GET, Method::POST, Method::PUT] {
        let answer = minji.sends(minji.asks(method, "/ws")).await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }
}

#[tokio::test]
async fn a_ping_is_answered_and_a_goodbye_too() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let mut socket = minji.connects().await;
    socket.greets(None, Vec::new()).await;
    socket.tells(&ClientFrame::Ping).await;
    assert_eq!(socket.hears().await, ServerFrame::Pong);
    socket.sends(Message::Close(None)).await;
    let answer = socket.next().await;
    assert!(matches!(answer, Some(Ok(Message::Close(_)))), "{answer:?}");
    let after = socket.next().await;
    assert!(after.is_none(), "{after:?}");
}

#[tokio::test]
async fn one_person_has_so_many_connections_and_no_more() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut open = Vec::new();
    for _ in 0..30 {
        let mut socket = minji.connects().await;
        socket.greets(None, Vec::new()).await;
        open.push(socket);
    }
    assert_all_is_well(&minji, &junho, study).await;
    let mut last = Vec::new();
    for _ in 0..4 {
        let mut socket = minji.connects().await;
        socket
            .tells(&ClientFrame::Hello {
                protocol: PROTOCOL,
                user: None,
                epoch: None,
                cursors: Vec::new(),
            })
            .await;
        last.push(socket);
    }
    let mut refused = last.pop().unwrap();
    refused.is_dismissed(4004).await;
    drop((open, last));
}
