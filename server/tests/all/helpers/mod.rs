//! A listening instance, its users, and what they see.

mod answer;
mod program;
mod socket;
mod tab;
mod test_server;
mod user;

pub use answer::{Answer, attribute};
pub use program::{MIB, Program};
pub use socket::Socket;
pub use tab::{Tab, assert_in_step};
pub use test_server::{Address, TestServer};
pub use user::{PASSWORD, User, path};

use domain::{
    ids::{ClientId, RoomId},
    messages::MessageText,
    wire::ClientFrame,
};
use std::time::Duration;
use tokio::{io::AsyncReadExt, net::TcpStream};
use uuid::Uuid;

/// Waits for what must come; the timeout is only for when it never does.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    within(Duration::from_mins(5), what).await
}

pub async fn within<T>(limit: Duration, what: impl Future<Output = T>) -> T {
    tokio::time::timeout(limit, what).await.unwrap_or_else(|_| panic!("not within {limit:?}"))
}

pub fn fresh_id() -> ClientId {
    ClientId::from_uuid(Uuid::new_v4())
}

/// The id of a room that does not exist.
pub fn nowhere() -> RoomId {
    RoomId::from_uuid(Uuid::new_v4())
}

pub fn send(room: RoomId, client_id: ClientId, text: &str) -> ClientFrame {
    ClientFrame::Send { room, client_id, text: MessageText::parse(text).unwrap() }
}

/// Reads until the connection is over.
pub async fn rest_of(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    soon(stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Asserts that two users can chat: whatever was done before, the server works.
pub async fn assert_all_is_well(minji: &User, junho: &User, room: RoomId) {
    let (mut minjis, mut junhos) = (minji.opens(room).await, junho.opens(room).await);
    let text = fresh_id().to_string();
    minjis.says(&text).await;
    junhos.sees(&text).await;
    assert_in_step(&mut minjis).await;
    assert_in_step(&mut junhos).await;
}
