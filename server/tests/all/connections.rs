//! The limits on connections, and how further ones are refused.

use crate::helpers::{Socket, TestServer, rest_of, soon};
use std::net::Ipv4Addr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

const ASKS: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

/// A connection from an address of this machine.
async fn connect(test_server: &TestServer, from: Ipv4Addr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(test_server.address().host().parse().unwrap()).await.unwrap()
}

async fn is_answered(stream: &mut TcpStream) -> bool {
    let mut answer = [0; 12];
    if stream.write_all(ASKS).await.is_err() {
        return false;
    }
    soon(stream.read_exact(&mut answer)).await.is_ok() && answer.ends_with(b" 200")
}

#[tokio::test]
async fn a_network_has_so_many_connections_and_others_theirs() {
    let test_server = TestServer::strict().await;
    let [here, there] = [2, 3].map(|last| Ipv4Addr::new(127, 0, 0, last));
    let mut open = Vec::new();
    for _ in 0..512 {
        let mut stream = connect(&test_server, here).await;
        assert!(is_answered(&mut stream).await, "{}", open.len());
        open.push(stream);
    }
    let answer = rest_of(&mut connect(&test_server, here).await).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("지금 연결이 너무 많아요."), "{answer}");
    assert!(answer.contains("too many connections"), "{answer}");
    assert!(is_answered(&mut connect(&test_server, there).await).await);
    drop(open);
    let again = async { while !is_answered(&mut connect(&test_server, here).await).await {} };
    soon(again).await;
}

#[tokio::test]
async fn a_proxy_brings_any_number_and_sockets_count_by_whom_it_brings() {
    let test_server = TestServer::strict_behind("127.0.0.0/8").await;
    let minji = test_server.visited_by("민지");
    let origin = format!("http://{}", test_server.address().host());
    let opens = async |forwarded: &str| {
        let headers = [("origin", &*origin), ("x-forwarded-for", forwarded)];
        let headers = headers.map(|(name, value)| (name, Some(value.parse().unwrap())));
        Socket::opens(test_server.address(), headers).await
    };
    let mut open = Vec::new();
    for host in 0..256 {
        open.push(opens(&format!("2001:db8::{host:x}")).await.unwrap());
    }
    assert_eq!(opens("2001:db8::1:0").await.err(), Some(503), "a network of IPv6 is one home");
    assert!(opens("2001:db8:0:1::1").await.is_ok());
    assert!(opens("192.0.2.1").await.is_ok());
    let mut streams = Vec::new();
    for _ in 0..600 {
        streams.push(connect(&test_server, Ipv4Addr::LOCALHOST).await);
    }
    assert!(is_answered(streams.last_mut().unwrap()).await);
    minji.gets("/sign-in").await.page(200);
}

#[tokio::test]
async fn what_names_no_path_is_refused_and_nothing_breaks() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let cookies = minji.cookies().unwrap();
    for line in ["CONNECT x:1", "CONNECT x:443", "OPTIONS *"] {
        for cookies in ["a=b", &*cookies] {
            let mut stream = connect(&test_server, Ipv4Addr::LOCALHOST).await;
            let request = format!(
                "{line} HTTP/1.1\r\nhost: x\r\ncookie: {cookies}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(request.as_bytes()).await.unwrap();
            let answer = rest_of(&mut stream).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{line}: {answer}");
            assert!(answer.contains("요청을 알아듣지 못했어요."), "{line}: {answer}");
        }
    }
    let mut stream = connect(&test_server, Ipv4Addr::LOCALHOST).await;
    let absolute = "GET http://x/healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(absolute.as_bytes()).await.unwrap();
    assert!(rest_of(&mut stream).await.starts_with("HTTP/1.1 200 "));
}
