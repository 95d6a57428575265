//! Accepting connections. Whoever is slow to say what they want is not waited for.

use crate::shutdown::Shutdown;
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

/// For the head of a request, and between two of them.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// A pause when the system has no more files to give; those who leave give theirs back.
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// Serves until it is told to stop, then lets each request that has begun finish.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) {
    let connections = TaskTracker::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = shutdown.wait() => break,
        };
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let stop = shutdown.clone();
        connections.spawn(async move {
            let mut connection = pin!(connection);
            // Its errors are the other side's: it went away, was too slow, or spoke no HTTP.
            tokio::select! {
                _ = connection.as_mut() => return,
                () = stop.wait() => {}
            }
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

#[expect(clippy::disallowed_methods, reason = "nothing tells when there are files again")]
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Frames are small, and none of them waits for the next.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) if concerns_one(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection could be accepted");
                sleep(OUT_OF_FILES).await;
            }
        }
    }
}

/// Somebody hung up before they were let in.
fn concerns_one(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
