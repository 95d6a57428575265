//! Clients on slow connections: what keeps arriving is accepted, and what stops arriving is answered with an
//! error.

use crate::helpers::{TestServer, User, rest_of, soon};
use server::SocketTimeouts;
use std::{fs, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, interval},
};

const FORM: &str = "application/x-www-form-urlencoded";
const FILE: &str = "multipart/form-data; boundary=x";

fn hurried() -> SocketTimeouts {
    let soon = Duration::from_millis(500);
    SocketTimeouts { posted_within: soon, answer_write_timeout: soon, ..SocketTimeouts::default() }
}

async fn avatar_page(user: &User) -> String {
    let page = user.gets("/profiles").await;
    let profile = page.body.split("/profiles/").nth(1).unwrap().get(..36).unwrap();
    format!("/profiles/{profile}/picture?/set_avatar")
}

async fn connect(test_server: &TestServer) -> TcpStream {
    TcpStream::connect(test_server.address().host()).await.unwrap()
}

#[tokio::test]
async fn an_upload_that_keeps_coming_is_taken_however_long_it_takes() {
    let test_server = TestServer::with(hurried()).await;
    let minji = test_server.welcomes("민지").await;
    let path = avatar_page(&minji).await;
    let icon = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../public/icon-180.png")).unwrap();
    let noise = "n".repeat(600 * 1024);
    let part = "content-disposition: form-data; name=";
    let body = [
        format!("--x\r\n{part}\"note\"\r\n\r\n{noise}\r\n--x\r\n{part}\"picture\"; filename=\"a\"\r\n\r\n").as_bytes(),
        &icon,
        b"\r\n--x--\r\n",
    ]
    .concat();
    let mut stream = connect(&test_server).await;
    let head = minji.head_of_a_post(&path, FILE, body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    let (began, mut beat) = (Instant::now(), interval(Duration::from_millis(50)));
    for piece in body.chunks(20 * 1024) {
        beat.tick().await;
        stream.write_all(piece).await.unwrap();
    }
    assert!(began.elapsed() > hurried().posted_within * 2, "it took long");
    let answer = rest_of(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    minji.gets("/profiles").await.shows("/pictures/");
}

#[tokio::test]
async fn what_no_longer_comes_is_answered_with_a_page() {
    let test_server = TestServer::with(hurried()).await;
    let minji = test_server.welcomes("민지").await;
    let upload = avatar_page(&minji).await;
    let sentence = "연결이 너무 느려서 끝까지 받지 못했어요.";
    for (path, kind, begun) in [
        ("/?/create_room", FORM, "title=x".to_owned()),
        ("/sign-in?/sign_in", FORM, String::new()),
        ("/api/create_room", FORM, "title=x".to_owned()),
        (&*upload, FILE, format!("--x\r\n\r\n\r\n{}", "x".repeat(40_000))),
    ] {
        let mut stream = connect(&test_server).await;
        let head = minji.head_of_a_post(path, kind, begun.len() + 10_000);
        stream.write_all(format!("{head}{begun}").as_bytes()).await.unwrap();
        let answer = rest_of(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
        assert!(answer.contains(sentence), "{path}: {answer}");
        assert_eq!(answer.contains("</html>"), !path.starts_with("/api"), "{path}: {answer}");
    }
    // A trickle counts as nothing.
    let mut stream = connect(&test_server).await;
    stream
        .write_all(minji.head_of_a_post("/?/create_room", FORM, 10_000).as_bytes())
        .await
        .unwrap();
    let (mut reads, mut writes) = stream.split();
    let mut beat = interval(Duration::from_millis(20));
    let mut answer = vec![0; 64];
    let read = loop {
        tokio::select! {
            read = soon(reads.read(&mut answer)) => break read.unwrap(),
            _ = beat.tick() => drop(writes.write_all(b"t").await),
        }
    };
    assert!(answer[..read].starts_with(b"HTTP/1.1 408 "));
}

/// More than the system buffers for a connection.
const LARGE: usize = 64 * 1024 * 1024;

/// An instance with a large file, and a connection on which it was requested.
async fn asks_for_much() -> (TestServer, TcpStream) {
    let test_server = TestServer::with(hurried()).await;
    fs::create_dir(test_server.site().join("pkg")).unwrap();
    let file = fs::File::create(test_server.site().join("pkg/large.bin")).unwrap();
    file.set_len(u64::try_from(LARGE).unwrap()).unwrap();
    let mut stream = connect(&test_server).await;
    let request = "GET /pkg/large.bin HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    (test_server, stream)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_take_a_file_is_let_go() {
    let (test_server, mut stream) = asks_for_much().await;
    let mut read = vec![0; 1024];
    soon(stream.read(&mut read)).await.unwrap();
    // Another client, which waits longer than the timeout, sees that it was disconnected.
    let mut beat = interval(hurried().answer_write_timeout * 3);
    beat.tick().await;
    beat.tick().await;
    let mut rest = Vec::new();
    let ended = soon(stream.read_to_end(&mut rest)).await;
    assert!(ended.is_err() || rest.len() < LARGE / 2, "{} bytes", rest.len());
    test_server.visited_by("민지").gets("/sign-in").await.page(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_file_slowly_gets_all_of_it() {
    let (_instance, mut stream) = asks_for_much().await;
    let (began, mut beat) = (Instant::now(), interval(Duration::from_millis(100)));
    let (mut read, mut piece) = (0, vec![0; 3 * 1024 * 1024]);
    loop {
        beat.tick().await;
        // The system buffers some of it: the client reads until that is empty.
        let mut taken = 0;
        while taken < piece.len() {
            match soon(stream.read(&mut piece[taken..])).await.unwrap() {
                0 => break,
                more => taken += more,
            }
        }
        read += taken;
        if taken < piece.len() {
            break;
        }
    }
    assert!(read > LARGE, "{read} bytes");
    assert!(began.elapsed() > hurried().answer_write_timeout * 2, "it took long");
}
