//! A WebSocket, frame by frame.

use super::{Address, soon};
use domain::{
    ids::{Epoch, UserId},
    wire::{ClientFrame, Cursor, NackCode, PROTOCOL, ServerFrame},
};
use futures::{SinkExt, StreamExt};
use reqwest::header::HeaderValue;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens it; the status when that is refused.
    pub async fn opens<const N: usize>(
        address: &Address,
        headers: [(&'static str, Option<HeaderValue>); N],
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{}/ws", address.host()).into_client_request().unwrap();
        request.headers_mut().insert("host", address.asked_for().parse().unwrap());
        for (name, value) in headers {
            if let Some(value) = value {
                request.headers_mut().insert(name, value);
            }
        }
        match soon(connect_async(request)).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn sends(&mut self, message: impl Into<Message>) {
        soon(self.0.send(message.into())).await.unwrap();
    }

    /// As `sends`, where the server may have closed the socket already.
    pub async fn tries_to_send(&mut self, message: impl Into<Message>) {
        let _ = soon(self.0.send(message.into())).await;
    }

    pub async fn tells(&mut self, frame: &ClientFrame) {
        self.sends(serde_json::to_string(frame).unwrap()).await;
    }

    /// Sends `hello` and waits for `welcome`; returns the user's id.
    pub async fn greets(&mut self, epoch: Option<Epoch>, cursors: Vec<Cursor>) -> UserId {
        let hello = ClientFrame::Hello { protocol: PROTOCOL, user: None, epoch, cursors };
        self.tells(&hello).await;
        match self.hears().await {
            ServerFrame::Welcome { user, .. } => user,
            other => panic!("not welcomed: {other:?}"),
        }
    }

    /// The next message of any kind; none once the connection is over.
    pub async fn next(&mut self) -> Option<Result<Message, Error>> {
        soon(self.0.next()).await
    }

    /// The next frame of the protocol.
    pub async fn hears(&mut self) -> ServerFrame {
        self.hears_or_ends().await.unwrap_or_else(|| panic!("the connection is over"))
    }

    /// The next frame of the protocol; none once the connection has ended, in whatever way.
    pub async fn hears_or_ends(&mut self) -> Option<ServerFrame> {
        loop {
            match self.next().await?.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// Reads until the connection is over, byte by byte, without answering pings.
    pub async fn reads_without_answering(&mut self) -> String {
        String::from_utf8_lossy(&self.last_bytes().await).into_owned()
    }

    /// The same as bytes.
    pub async fn last_bytes(&mut self) -> Vec<u8> {
        let mut heard = Vec::new();
        let read = soon(self.0.get_mut().read_to_end(&mut heard)).await;
        assert!(read.is_ok(), "{read:?}");
        heard
    }

    /// Sends bytes as they are, whether or not they are a frame.
    pub async fn sends_bytes(&mut self, bytes: &[u8]) {
        soon(self.0.get_mut().write_all(bytes)).await.unwrap();
    }

    /// Asserts that the request is refused.
    pub async fn is_refused(&mut self, why: NackCode) {
        let heard = self.hears().await;
        assert!(matches!(&heard, ServerFrame::Nack { code, .. } if *code == why), "{heard:?}");
    }

    /// Asserts that `bye` arrives with this code, and that the socket is closed in order.
    pub async fn is_dismissed(&mut self, with: u16) {
        let (code, reconnect) = loop {
            if let ServerFrame::Bye { code, reconnect } = self.hears().await {
                break (code, reconnect);
            }
        };
        assert_eq!((code, reconnect), (with, matches!(with, 1011 | 1012 | 4000 | 4002)));
        self.is_closed_in_order(with).await;
    }

    pub async fn is_closed_in_order(&mut self, with: u16) {
        match self.next().await {
            Some(Ok(Message::Close(Some(close)))) => assert_eq!(u16::from(close.code), with),
            other => panic!("not closed: {other:?}"),
        }
        let after = self.next().await;
        assert!(after.is_none(), "{after:?}");
    }
}
