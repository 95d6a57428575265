//! The tab's one socket: opens it, greets, hears, and opens it again when it is lost.

use super::{ClientState, ConnectionState, backoff::Backoff, browser};
use domain::{
    protocol::client::Client,
    wire::{ClientFrame, CloseReason, HEARTBEAT_MILLIS, PROTOCOL, ServerFrame},
};
use futures::{
    FutureExt, SinkExt, StreamExt,
    channel::mpsc,
    future::{Either, poll_fn, select},
    pin_mut, select_biased,
    stream::{SplitSink, SplitStream},
};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use std::task::Poll;

/// A server that does not answer a ping for this long is taken for gone.
const PONG_MILLIS: u32 = 10_000;

/// How long a form that ends the session has for its answer before the page is drawn anew.
const ANSWER_MILLIS: u32 = 1_000;

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// It was lost, or the server said to come back.
    Lost,
    /// The session has ended, or is another user's: the page is drawn anew before anything is sent.
    SignedOut,
    /// The server speaks another version of the protocol: the page is read anew.
    Outdated,
    /// The server does not want this tab back, and trying again would not change that.
    Dismissed,
}

/// What the page has for its socket.
#[derive(Debug)]
pub enum SocketCommand {
    Say(ClientFrame),
    /// The page came back to the front, or the network came or went.
    Wake,
}

type Commands = mpsc::UnboundedReceiver<SocketCommand>;

/// Keeps the tab connected for as long as it lives.
pub async fn run(
    live: ClientState,
    command: mpsc::UnboundedSender<SocketCommand>,
    mut commands: Commands,
) {
    let wake = move || {
        // The receiver lives as long as the page.
        let _ = command.unbounded_send(SocketCommand::Wake);
    };
    browser::on_network(wake.clone());
    browser::on_visibility(move |visible| {
        if visible {
            wake();
        }
    });
    let mut backoff = Backoff::default();
    loop {
        if let Ok(socket) = WebSocket::open(&browser::socket_url()) {
            let ended = talk(live, socket, &mut commands, &mut backoff).await;
            match ended {
                Ended::Lost => {}
                Ended::SignedOut => {
                    // It may be this tab that is signing out, and waits for the answer.
                    TimeoutFuture::new(ANSWER_MILLIS).await;
                    return browser::reload();
                }
                Ended::Outdated if browser::may_read_anew() => return browser::reload(),
                Ended::Outdated | Ended::Dismissed => return browser::show_broken(),
            }
        }
        live.link.try_set(if browser::online() {
            ConnectionState::Reconnecting
        } else {
            ConnectionState::Offline
        });
        wait(&mut backoff, &mut commands).await;
    }
}

/// Waits for the next try, or for a sign that it is worth trying at once.
async fn wait(backoff: &mut Backoff, commands: &mut Commands) {
    let pause = backoff.next(browser::random());
    let pause = TimeoutFuture::new(u32::try_from(pause.as_millis()).unwrap_or(u32::MAX)).fuse();
    let woken = woken(commands).fuse();
    pin_mut!(pause, woken);
    select_biased! {
        () = pause => {}
        () = woken => {}
    }
}

/// What is to be said meanwhile is dropped, as it is before every greeting.
async fn woken(commands: &mut Commands) {
    while let Some(SocketCommand::Say(_)) = commands.next().await {}
}

async fn talk(
    live: ClientState,
    mut socket: WebSocket,
    commands: &mut Commands,
    backoff: &mut Backoff,
) -> Ended {
    if let Some(before_hello) = opened(&mut socket).await {
        return match heard(before_hello) {
            Event::Heard(ServerFrame::Bye { code, reconnect }) => farewell(code, reconnect, false),
            _ => Ended::Lost,
        };
    }
    let (mut to_server, mut from_server) = socket.split();
    // What waited for the old connection is said anew after the welcome, if it still stands.
    while commands.try_recv().is_ok() {}
    let (epoch, cursors) = live.open.cursors();
    let hello = ClientFrame::Hello { protocol: PROTOCOL, user: live.me, epoch, cursors };
    if send(&mut to_server, &hello).await.is_err() {
        return Ended::Lost;
    }
    let mut asked = false;
    let mut welcomed = false;
    loop {
        let patience = if asked { PONG_MILLIS } else { HEARTBEAT_MILLIS };
        let event = next(&mut from_server, commands, patience).await;
        let sent = match event {
            Event::Heard(ServerFrame::Bye { code, reconnect }) => {
                return farewell(code, reconnect, welcomed);
            }
            Event::Heard(frame) => {
                asked = false;
                if let ServerFrame::Welcome { user, .. } = frame {
                    if live.me != Some(user) {
                        return Ended::SignedOut;
                    }
                    backoff.succeeded();
                    welcomed = true;
                    welcome(live);
                }
                live.on_frame(frame);
                Ok(())
            }
            Event::Commanded(SocketCommand::Say(frame)) if welcomed => {
                send(&mut to_server, &frame).await
            }
            Event::Silence if asked => return Ended::Lost,
            Event::Commanded(SocketCommand::Wake) if !browser::online() => return Ended::Lost,
            Event::Silence | Event::Commanded(SocketCommand::Wake) => {
                asked = true;
                send(&mut to_server, &ClientFrame::Ping).await
            }
            // Before the welcome another user may be signed in. What still stands is said anew after it.
            Event::Nothing | Event::Commanded(SocketCommand::Say(_)) => Ok(()),
            Event::Closed => return Ended::Lost,
        };
        if sent.is_err() {
            return Ended::Lost;
        }
    }
}

const fn farewell(code: u16, reconnect: bool, welcomed: bool) -> Ended {
    if code == CloseReason::SignedOut.code() {
        Ended::SignedOut
    } else if code == CloseReason::Protocol.code() && !welcomed {
        Ended::Outdated
    } else if reconnect {
        Ended::Lost
    } else {
        Ended::Dismissed
    }
}

fn welcome(live: ClientState) {
    let first = live.link.get_untracked() == ConnectionState::Opening;
    live.link.try_set(ConnectionState::Open);
    browser::is_up_to_date();
    if !first {
        live.rooms.refresh();
    }
    if let Some(me) = live.me {
        live.open.take_up(me);
    }
    let again = live.open.change(Client::on_welcome);
    again.into_iter().chain(live.open.read_again()).for_each(|frame| live.send_frame(frame));
}

enum Event {
    Heard(ServerFrame),
    Commanded(SocketCommand),
    /// Nothing was heard for as long as one is patient.
    Silence,
    Nothing,
    Closed,
}

async fn next(
    from_server: &mut SplitStream<WebSocket>,
    commands: &mut Commands,
    patience: u32,
) -> Event {
    let silence = TimeoutFuture::new(patience).fuse();
    pin_mut!(silence);
    select_biased! {
        message = from_server.next().fuse() => heard(message),
        command = commands.next() => command.map_or(Event::Closed, Event::Commanded),
        () = silence => Event::Silence,
    }
}

/// Waits until the connection is open, or ended before it was: then this is the last of it. To greet
/// into a connection that never came about would be an error on the console.
async fn opened(socket: &mut WebSocket) -> Option<Heard> {
    poll_fn(|cx| match socket.poll_next_unpin(cx) {
        Poll::Ready(message) => Poll::Ready(Some(message)),
        Poll::Pending => socket.poll_ready_unpin(cx).map(|_| None),
    })
    .await
}

type Heard = Option<Result<Message, WebSocketError>>;

fn heard(message: Heard) -> Event {
    match message {
        Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
            Ok(frame) => Event::Heard(frame),
            // A newer server may say what this page does not know yet.
            Err(_) => Event::Nothing,
        },
        Some(Ok(Message::Bytes(_))) => Event::Nothing,
        Some(Err(_)) | None => Event::Closed,
    }
}

async fn send(
    to_server: &mut SplitSink<WebSocket, Message>,
    frame: &ClientFrame,
) -> Result<(), ()> {
    let text = serde_json::to_string(frame).map_err(drop)?;
    let sending = to_server.send(Message::Text(text));
    let patience = TimeoutFuture::new(PONG_MILLIS);
    pin_mut!(sending);
    match select(sending, patience).await {
        Either::Left((sent, _)) => sent.map_err(drop),
        Either::Right(_) => Err(()),
    }
}
