//! `/ws`: who may open a socket, and how it ends. What happens in between is in `connection`.

mod connection;
mod frame_handler;
mod timeouts;

pub use timeouts::SocketTimeouts;

use crate::{
    address, auth,
    cookies::Cookies,
    origin,
    permits::{Permit, Permits},
    router::{SharedState, State},
};
use app::i18n::Language;
use axum::{
    extract::{
        ConnectInfo, State as Shared, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use chat::{Actor, address_block};
use connection::{Connection, OpenSocket};
use domain::{
    error::AppError,
    wire::{
        ClientFrame, CloseReason, MAX_CHANGE_SET_BYTES, MAX_FRAME_BYTES, PROTOCOL, ServerFrame,
    },
};
use frame_handler::FrameHandler;
use futures::SinkExt;
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::time::timeout;

/// Held by every connection for as long as it lives; tungstenite's own default is 128 KiB. Longer messages are
/// read in pieces.
const READ_BUFFER: usize = 512;
/// Allocated only while there is something in it: frames are written together until it is full.
const WRITE_BUFFER: usize = 16 * 1024;
/// How long to wait for the client's half of the closing handshake.
const CLOSED_WITHIN: Duration = Duration::from_secs(2);

/// Sockets of one network, of all its users together: a class of thirty behind one address, each with a few
/// tabs.
const SOCKETS_MAX: u32 = 256;

/// By network: with IPv6 each home has one.
pub type ConnectionLimiter = Permits<IpAddr>;

pub fn seats() -> ConnectionLimiter {
    Permits::limited(SOCKETS_MAX)
}

/// The connection is lost: no closing frame can be sent.
pub struct Disconnected;

pub async fn upgrade(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    cookies: Cookies,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let language = auth::language(&cookies, &headers);
    if let Some(refused) = origin::refused(&origin::source(&headers, &state.config)) {
        return refused;
    }
    let address = address::client(peer.ip(), &headers, &state.config.trusted_proxies);
    let Some(seat) = state.seats.take(address_block(address)) else {
        return auth::refuse(&AppError::Busy, language);
    };
    let actor = match auth::actor(&state, &cookies).await {
        Ok(actor) => actor,
        Err(error) => return auth::refuse(&error, language),
    };
    upgrade
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_CHANGE_SET_BYTES * 4)
        .on_upgrade(move |socket| {
            let sockets = state.sockets.clone();
            sockets.track_future(async move {
                match open(socket, &state, actor, language).await {
                    // In a task of its own: this one has the size that an upgrade and a handshake need, and an
                    // open socket is held for much longer.
                    Ok((socket, hello)) => {
                        state.sockets.spawn(run(socket, hello, seat));
                    }
                    Err((socket, close_reason)) => {
                        end(socket, close_reason, state.config.timeouts).await;
                    }
                }
            })
        })
        .into_response()
}

async fn run(mut open: Box<OpenSocket>, hello: Box<ClientFrame>, seat: Permit<IpAddr>) {
    let close_reason = match Box::pin(open.greet(*hello)).await {
        Ok(None) => open.run().await,
        Ok(Some(close_reason)) => Ok(close_reason),
        Err(Disconnected) => Err(Disconnected),
    };
    Box::pin(async move {
        let OpenSocket { connection, subscription } = *open;
        drop(subscription);
        end(connection.socket, close_reason, connection.timeouts).await;
    })
    .await;
    drop(seat);
}

/// A socket with the reason for closing it, or the fact that it is lost.
type Closed = (WebSocket, Result<CloseReason, Disconnected>);

/// Waits for the `hello` and subscribes, unless the socket has to be closed first.
async fn open(
    mut socket: WebSocket,
    state: &State,
    actor: Option<Actor>,
    language: Language,
) -> Result<(Box<OpenSocket>, Box<ClientFrame>), Closed> {
    let SharedState { chat, config, sockets, .. } = &**state;
    // A browser cannot read the status of a refused upgrade, but it can read a close code.
    let Some(actor) = actor else { return Err((socket, Ok(CloseReason::SignedOut))) };
    let hello = match timeout(config.timeouts.hello_within, hello(&mut socket)).await {
        Err(_) => return Err((socket, Ok(CloseReason::Silent))),
        Ok(Err(Disconnected)) => return Err((socket, Err(Disconnected))),
        Ok(Ok(None)) => return Err((socket, Ok(CloseReason::Protocol))),
        Ok(Ok(Some(hello))) => hello,
    };
    if let ClientFrame::Hello { user: Some(user), .. } = &hello
        && *user != actor.user()
    {
        return Err((socket, Ok(CloseReason::SignedOut)));
    }
    // Subscribes first and reads second, so that no change falls between the two.
    let subscription = match chat.connect(&actor).await {
        Ok(subscription) => subscription,
        Err(AppError::SignedOut) => return Err((socket, Ok(CloseReason::SignedOut))),
        Err(AppError::SlowDown { .. }) => return Err((socket, Ok(CloseReason::TooMany))),
        Err(_) => return Err((socket, Ok(CloseReason::Restarting))),
    };
    // A stopping server notifies its subscribers: this one may have subscribed too late.
    if sockets.is_closed() {
        return Err((socket, Ok(CloseReason::Restarting)));
    }
    let answering = FrameHandler { state: state.clone(), actor, language };
    let connection = Connection::new(socket, answering, config.timeouts);
    Ok((Box::new(OpenSocket { connection, subscription }), Box::new(hello)))
}

async fn end(
    mut socket: WebSocket,
    close_reason: Result<CloseReason, Disconnected>,
    timeouts: SocketTimeouts,
) {
    if let Ok(close_reason) = close_reason {
        // An error means that the client is gone.
        let _ = timeout(timeouts.write_timeout, say_goodbye(&mut socket, close_reason)).await;
    }
    // Waits for the client's half of the closing handshake. Closing the TCP connection before it arrives could
    // discard the closing frame before the client reads it.
    let closed = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _ = timeout(CLOSED_WITHIN, closed).await;
}

/// The first text frame, if it is a `hello` in this protocol.
async fn hello(socket: &mut WebSocket) -> Result<Option<ClientFrame>, Disconnected> {
    loop {
        // A frame that cannot be read is no `hello`; if the client is gone, the answer is lost.
        let Ok(heard) = socket.recv().await.ok_or(Disconnected)? else { return Ok(None) };
        match heard {
            Message::Text(text) => {
                let frame = serde_json::from_str(&text).ok();
                return Ok(frame.filter(|frame| {
                    matches!(frame, ClientFrame::Hello { protocol: PROTOCOL, .. })
                }));
            }
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) => return Ok(None),
            Message::Close(_) => return Err(Disconnected),
        }
    }
}

/// The `bye` that clients of both protocols can read: the field has the name that it had in protocol 1.
const BYE_OF_ANY_PROTOCOL: &str = r#"{"type":"bye","code":4003,"come_back":false}"#;

/// Sends the reason, then closes.
async fn say_goodbye(
    socket: &mut WebSocket,
    close_reason: CloseReason,
) -> Result<(), Disconnected> {
    let bye = match close_reason {
        CloseReason::Protocol => Message::Text(Utf8Bytes::from_static(BYE_OF_ANY_PROTOCOL)),
        _ => text(&ServerFrame::Bye {
            code: close_reason.code(),
            reconnect: close_reason.reconnect(),
        })?,
    };
    let close = CloseFrame { code: close_reason.code(), reason: Utf8Bytes::from_static("") };
    socket.feed(bye).await.map_err(|_| Disconnected)?;
    socket.send(Message::Close(Some(close))).await.map_err(|_| Disconnected)
}

fn text(frame: &ServerFrame) -> Result<Message, Disconnected> {
    serde_json::to_string(frame).map(|text| Message::Text(text.into())).map_err(|_| Disconnected)
}
