//! A WebSocket to an instance, frame by frame.

use crate::{Result, wait::within};
use domain::{
    ids::{Epoch, UserId},
    wire::{ClientFrame, Cursor, PROTOCOL, ServerFrame},
};
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

/// tungstenite's own default is 128 KiB a connection, and there may be thousands.
const BUFFER: usize = 4 * 1024;
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct Connection(pub WebSocketStream<TcpStream>);

impl Connection {
    /// Opens a socket as a page of this instance does.
    pub async fn open(host: &str, cookies: Option<&str>) -> Result<Self> {
        Self::over(TcpSocket::new_v4()?, host, cookies).await
    }

    /// Opens a socket with a small receive buffer.
    pub async fn open_narrow(host: &str, cookies: &str) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4 * 1024)?;
        Self::over(socket, host, Some(cookies)).await
    }

    async fn over(socket: TcpSocket, host: &str, cookies: Option<&str>) -> Result<Self> {
        let mut request = format!("ws://{host}/ws").into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("origin", format!("http://{host}").parse()?);
        if let Some(cookies) = cookies {
            headers.insert("cookie", cookies.parse()?);
        }
        let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(BUFFER);
        let opening = async {
            let stream = socket.connect(host.parse()?).await?;
            stream.set_nodelay(true)?;
            let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
            Ok(Self(socket))
        };
        within(PATIENCE, opening).await?
    }

    pub async fn tells(&mut self, frame: &ClientFrame) -> Result<()> {
        self.sends(Message::text(serde_json::to_string(frame)?)).await
    }

    pub async fn sends(&mut self, message: Message) -> Result<()> {
        Ok(within(PATIENCE, self.0.send(message)).await??)
    }

    /// Sends `hello` and waits for `welcome`.
    pub async fn greets(&mut self, epoch: Option<Epoch>, cursors: Vec<Cursor>) -> Result<UserId> {
        self.tells(&ClientFrame::Hello { protocol: PROTOCOL, user: None, epoch, cursors }).await?;
        match within(PATIENCE, self.hears()).await? {
            Some(ServerFrame::Welcome { user, .. }) => Ok(user),
            other => Err(format!("not welcomed: {other:?}").into()),
        }
    }

    /// The next frame of the protocol; none once the connection has ended, in whatever way.
    pub async fn hears(&mut self) -> Option<ServerFrame> {
        loop {
            match self.0.next().await?.ok()? {
                Message::Text(text) => return serde_json::from_str(&text).ok(),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}
