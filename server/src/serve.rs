//! Accepts connections. A client that is slow to send its request is disconnected.

use crate::{connections::Connections, shutdown::Shutdown, stream::Stream};
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{net::SocketAddr, pin::pin, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};
use tokio_util::task::TaskTracker;
use tower::Service;

/// Timeout for the head of a request, and between two requests.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// A pause when the process has no file descriptors left; closing connections give theirs back.
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// The most bytes of a request's head, and of a body that the handler does not read: hyper would buffer up to
/// 400 KiB for each connection.
const READ_MAX: usize = 64 * 1024;

pub struct Serving {
    pub router: Router,
    pub connections: Connections,
    /// Write timeout: how long a client may take nothing of what is sent to it.
    pub timeouts: Duration,
    pub shutdown: Shutdown,
}

impl Serving {
    /// Serves until it is told to stop, then lets each request that has begun finish.
    pub async fn serve(self, listener: TcpListener) {
        let served = TaskTracker::new();
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).max_buf_size(READ_MAX);
        loop {
            let (stream, peer) = tokio::select! {
                accepted = accept(&listener) => accepted,
                () = self.shutdown.wait() => break,
            };
            let Some(held) = self.connections.take(peer.ip()) else {
                self.connections.refuse(stream);
                continue;
            };
            let stream = TokioIo::new(Stream::new(stream, held, self.timeouts));
            let router = self.router.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                router.clone().call(request)
            });
            let connection = http.serve_connection(stream, service).with_upgrades();
            let stop = self.shutdown.clone();
            served.spawn(async move {
                let mut connection = pin!(connection);
                // Its errors are the client's: it disconnected, was too slow, or spoke no HTTP.
                tokio::select! {
                    _ = connection.as_mut() => return,
                    () = stop.wait() => {}
                }
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            });
        }
        drop(listener);
        served.close();
        served.wait().await;
    }
}

#[expect(clippy::disallowed_methods, reason = "nothing tells when there are files again")]
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Frames are small, and none should wait for the next.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) if is_transient(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection could be accepted");
                sleep(OUT_OF_FILES).await;
            }
        }
    }
}

/// Whether the error concerns one client only, which disconnected before it was accepted.
fn is_transient(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
