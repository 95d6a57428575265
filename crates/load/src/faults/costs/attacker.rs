//! A client that sends anything at any speed, over connections of its own.

use crate::{
    Result,
    user::User,
    wait::{last, within},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// Loopback, but no other client's: the limits of a network count this client alone.
const ADDRESS: &str = "127.0.0.2:0";
const ANSWERED_WITHIN: Duration = Duration::from_mins(2);

#[derive(Debug, Clone)]
pub struct Attacker {
    pub host: String,
    /// The cookies of an account, if it has one.
    pub cookies: Option<String>,
}

/// What an attacker posts.
#[derive(Debug, Clone)]
pub struct Post {
    pub path: String,
    pub kind: &'static str,
    pub body: Vec<u8>,
}

impl Post {
    /// A form with so many bytes of unknown fields.
    pub fn form(path: &str, bytes: usize) -> Self {
        let kind = "application/x-www-form-urlencoded";
        Self { path: path.to_owned(), kind, body: b"a&".repeat(bytes / 2) }
    }

    /// An image as a browser uploads it.
    pub fn avatar(path: &str, file: &[u8]) -> Self {
        let part =
            "--cut\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"x\"\r\n\r\n";
        let crop = "\r\n--cut\r\ncontent-disposition: form-data; name=\"crop\"\r\n\r\n";
        let body = [part.as_bytes(), file, crop.as_bytes(), b"\r\n--cut--\r\n"].concat();
        Self { path: path.to_owned(), kind: "multipart/form-data; boundary=cut", body }
    }
}

/// The response.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// None when the connection ended without one.
    pub status: Option<u16>,
    pub bytes: usize,
}

impl Attacker {
    /// Uses the account of this user.
    pub fn of(user: &User) -> Result<Self> {
        Ok(Self { host: user.host().to_owned(), cookies: Some(user.cookies()?) })
    }

    /// Sends all at once and reads the response.
    pub async fn posts(&self, post: &Post) -> Result<Answer> {
        self.posts_slowly(post, usize::MAX, Duration::ZERO).await
    }

    /// Sends a piece at a time, and reads the response.
    pub async fn posts_slowly(&self, post: &Post, piece: usize, every: Duration) -> Result<Answer> {
        let mut stream = self.begins(post).await?;
        let (mut reading, mut writing) = stream.split();
        let sends = async {
            for piece in post.body.chunks(piece.min(post.body.len().max(1))) {
                // After an early response the rest need not be sent.
                if writing.write_all(piece).await.is_err() {
                    return;
                }
                last(every).await;
            }
        };
        let reads = async {
            let mut answer = Vec::new();
            // If the connection is reset, what arrived before counts.
            let _ = reading.read_to_end(&mut answer).await;
            answer
        };
        let ((), answer) = within(ANSWERED_WITHIN, async { tokio::join!(sends, reads) }).await?;
        let status =
            answer.get(9..12).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
        Ok(Answer { status, bytes: answer.len() })
    }

    /// Sends all but the last byte, waits, and resets the connection.
    pub async fn holds(&self, post: &Post, time: Duration) -> Result<()> {
        let mut stream = self.begins(post).await?;
        let all_but_one = post.body.split_last().map(|(_, rest)| rest).unwrap_or_default();
        let sends = async {
            // The server may refuse to read it all.
            let _ = stream.write_all(all_but_one).await;
            std::future::pending::<()>().await;
        };
        // The time limit is the only end that is expected.
        let _ = within(time, sends).await;
        Ok(stream.set_zero_linger()?)
    }

    /// Requests a page, and disconnects after a while.
    pub async fn asks_and_hangs_up(&self, path: &str, after: Duration) -> Result<()> {
        let mut stream = self.connects().await?;
        let head = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers());
        stream.write_all(head.as_bytes()).await?;
        last(after).await;
        Ok(stream.set_zero_linger()?)
    }

    async fn begins(&self, post: &Post) -> Result<TcpStream> {
        let mut stream = self.connects().await?;
        let Post { path, kind, body } = post;
        let head = format!(
            "POST {path} HTTP/1.1\r\n{}content-type: {kind}\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n",
            self.headers(),
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        Ok(stream)
    }

    fn headers(&self) -> String {
        let cookies = self.cookies.as_ref().map(|cookies| format!("cookie: {cookies}\r\n"));
        format!("host: {}\r\n{}", self.host, cookies.unwrap_or_default())
    }

    async fn connects(&self) -> Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(ADDRESS.parse::<SocketAddr>()?)?;
        Ok(socket.connect(self.host.parse()?).await?)
    }
}
