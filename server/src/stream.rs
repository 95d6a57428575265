//! A TCP connection, as `serve` passes it to HTTP and HTTP to a socket. A client that does not take what is
//! sent to it is disconnected; after closing, the connection lingers so that the client can still read the last
//! response.

use crate::connections::Connection;
use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    runtime::Handle,
    time::{Instant, Sleep, sleep_until, timeout},
};

/// So many bytes must be taken within the timeout, counting only the time in which the server waits for the
/// client.
const MIN_PROGRESS: u32 = 16 * 1024;
/// How long a client that is still sending has to read the last response: closing at once would discard the
/// response before it is read.
const LINGERS: Duration = Duration::from_secs(5);

/// Thousands of these stay open for a long time: what only some need is boxed.
#[derive(Debug)]
pub struct Stream {
    /// None once it lingers.
    tcp: Option<TcpStream>,
    held: Option<Connection>,
    /// Milliseconds left of the timeout for the bytes that are awaited.
    left: u32,
    timeouts: u32,
    taken: u32,
    /// The client has disconnected or was cut off.
    is_over: bool,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    pub fn new(tcp: TcpStream, held: Connection, timeouts: Duration) -> Self {
        Self {
            tcp: Some(tcp),
            held: Some(held),
            left: millis(timeouts),
            timeouts: millis(timeouts),
            taken: 0,
            is_over: false,
            waiting: None,
        }
    }

    fn tcp(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.tcp.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn written(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Pending => {
                ready!(self.waits(cx));
                self.is_over = true;
                // Also discards what the system still buffers for it.
                if let Some(tcp) = &self.tcp {
                    let _ = tcp.set_zero_linger();
                }
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Ready(Ok(written)) => {
                self.takes(written);
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }

    fn takes(&mut self, bytes: usize) {
        if let Some(waiting) = self.waiting.take() {
            self.left = millis(waiting.deadline().saturating_duration_since(Instant::now()));
        }
        self.taken = self.taken.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
        if self.taken >= MIN_PROGRESS {
            (self.taken, self.left) = (0, self.timeouts);
        }
    }

    /// Ready once the timeout has passed.
    fn waits(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let left = Duration::from_millis(self.left.into());
        let waiting =
            self.waiting.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + left)));
        waiting.as_mut().poll(cx)
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = ready!(self.tcp()?.poll_read(cx, buffer));
        self.is_over |=
            read.is_err() || (buffer.filled().len() == before && buffer.remaining() > 0);
        Poll::Ready(read)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.tcp()?.poll_write(cx, bytes);
        self.written(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.tcp()?.poll_write_vectored(cx, bytes);
        self.written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tcp()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tcp()?.poll_shutdown(cx)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let (Some(tcp), held) = (self.tcp.take(), self.held.take()) else { return };
        if self.is_over {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                linger(tcp).await;
                drop(held);
            });
        }
    }
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// Shuts down the sending side, and reads to the end of the other.
pub async fn linger(mut tcp: TcpStream) {
    let ends = async {
        let _ = tcp.shutdown().await;
        let mut unread = [0; 2_048];
        while tcp.read(&mut unread).await.is_ok_and(|read| read > 0) {}
    };
    // It has ended, or its time has passed.
    let _ = timeout(LINGERS, ends).await;
}
