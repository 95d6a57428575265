//! One socket of one person: greets, tells what happens, does what is asked.

mod answer;

use crate::{guest, origin, router::State};
use answer::Answering;
use app::i18n::Language;
use axum::{
    extract::{
        State as Shared, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use chat::{Actor, Chat, Subscription};
use domain::{
    problem::Problem,
    wire::{
        BATCH_BYTES_MOST, ClientFrame, FRAME_MOST, Farewell, HEARTBEAT_MILLIS, PROTOCOL,
        ServerFrame,
    },
};
use std::time::Duration;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};
use tokio_util::task::TaskTracker;

/// tungstenite's own default is 128 KiB a connection.
const BUFFER: usize = 4 * 1024;
const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// Whoever does not take a frame for this long is gone.
const TAKEN_WITHIN: Duration = Duration::from_secs(10);
/// How long to wait for the other half of a farewell.
const CLOSED_WITHIN: Duration = Duration::from_secs(2);
/// How often an open socket counts as a use of its session.
const USE_EVERY: Duration = Duration::from_mins(1);

/// The socket is lost: there is nobody to tell.
pub struct Lost;

pub async fn upgrade(
    Shared(state): Shared<State>,
    jar: CookieJar,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let language = guest::language(&jar, &headers);
    if !origin::is_ours(&headers, &state.config) {
        return guest::refuse(&Problem::CrossSite, language);
    }
    let actor = match guest::actor(&state, &jar).await {
        Ok(actor) => actor,
        Err(problem) => return guest::refuse(&problem, language),
    };
    let State { chat, sockets, .. } = state;
    upgrade
        .max_message_size(FRAME_MOST)
        .max_frame_size(FRAME_MOST)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(BATCH_BYTES_MOST * 4)
        .on_upgrade(move |socket| {
            let all = sockets.clone();
            sockets.track_future(serve(socket, chat, actor, language, all))
        })
        .into_response()
}

async fn serve(
    mut socket: WebSocket,
    chat: Chat,
    actor: Option<Actor>,
    language: Language,
    all: TaskTracker,
) {
    // A browser cannot read the status of a refused upgrade; the farewell it can.
    let farewell = match actor {
        Some(actor) => Connection::open(&mut socket, chat, actor, language, &all).await,
        None => Ok(Farewell::SignedOut),
    };
    if let Ok(farewell) = farewell {
        part(&mut socket, farewell).await;
    }
    // The other half of the closing, whoever began it. To hang up before it has come could take the
    // farewell from the peer's hands, unread.
    let closed = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _ = timeout(CLOSED_WITHIN, closed).await;
}

/// Says why, then closes.
async fn part(socket: &mut WebSocket, farewell: Farewell) {
    let bye = ServerFrame::Bye { code: farewell.code(), come_back: farewell.come_back() };
    let close = CloseFrame { code: farewell.code(), reason: Utf8Bytes::from_static("") };
    if tell(socket, &bye).await.is_ok() {
        // Either it is taken, or they are gone already.
        let _ = timeout(TAKEN_WITHIN, socket.send(Message::Close(Some(close)))).await;
    }
}

struct Connection<'a> {
    socket: &'a mut WebSocket,
    answering: Answering,
    subscription: Subscription,
    heard: Instant,
}

impl<'a> Connection<'a> {
    async fn open(
        socket: &'a mut WebSocket,
        chat: Chat,
        actor: Actor,
        language: Language,
        all: &TaskTracker,
    ) -> Result<Farewell, Lost> {
        let hello = match timeout(HELLO_WITHIN, hello(socket)).await {
            Err(_) => return Ok(Farewell::Silent),
            Ok(Err(Lost)) => return Err(Lost),
            Ok(Ok(None)) => return Ok(Farewell::Protocol),
            Ok(Ok(Some(hello))) => hello,
        };
        // Subscribed first, read second: so nothing falls between the two.
        let subscription = match chat.connect(&actor).await {
            Ok(subscription) => subscription,
            Err(Problem::SignedOut) => return Ok(Farewell::SignedOut),
            Err(Problem::SlowDown { .. }) => return Ok(Farewell::TooMany),
            Err(_) => return Ok(Farewell::Restarting),
        };
        // When the server stops, it tells those who are subscribed: this one may have come too late.
        if all.is_closed() {
            return Ok(Farewell::Restarting);
        }
        let answering = Answering { chat, actor, language };
        for frame in answering.welcome(hello).await {
            tell(socket, &frame).await?;
        }
        Self { socket, answering, subscription, heard: Instant::now() }.run().await
    }

    async fn run(mut self) -> Result<Farewell, Lost> {
        let mut heartbeat = every(Duration::from_millis(HEARTBEAT_MILLIS.into()));
        let mut used = every(USE_EVERY);
        loop {
            tokio::select! {
                biased;
                farewell = &mut self.subscription.farewell => {
                    return Ok(farewell.unwrap_or(Farewell::Restarting));
                }
                heard = self.socket.recv() => {
                    let heard = heard.ok_or(Lost)?.map_err(|_| Lost)?;
                    self.heard = Instant::now();
                    if let Some(farewell) = self.hear(heard).await? {
                        return Ok(farewell);
                    }
                }
                Some(frame) = self.subscription.frames.recv() => {
                    let text = Utf8Bytes::try_from(frame).map_err(|_| Lost)?;
                    send(self.socket, Message::Text(text)).await?;
                }
                _ = heartbeat.tick() => {
                    if self.heard.elapsed() > heartbeat.period() * 2 {
                        return Ok(Farewell::Silent);
                    }
                    send(self.socket, Message::Ping(axum::body::Bytes::new())).await?;
                }
                _ = used.tick() => {
                    if !self.answering.still_signed_in().await {
                        return Ok(Farewell::SignedOut);
                    }
                }
            }
        }
    }

    async fn hear(&mut self, heard: Message) -> Result<Option<Farewell>, Lost> {
        match heard {
            Message::Text(text) => {
                if let Some(frame) = self.answering.answer(&text).await {
                    tell(self.socket, &frame).await?;
                }
                Ok(None)
            }
            Message::Binary(_) => Ok(Some(Farewell::Protocol)),
            Message::Ping(_) | Message::Pong(_) => Ok(None),
            Message::Close(_) => Err(Lost),
        }
    }
}

/// The first text frame, if it is a greeting in our protocol.
async fn hello(socket: &mut WebSocket) -> Result<Option<ClientFrame>, Lost> {
    loop {
        match socket.recv().await.ok_or(Lost)?.map_err(|_| Lost)? {
            Message::Text(text) => {
                let frame = serde_json::from_str(&text).ok();
                return Ok(frame.filter(|frame| {
                    matches!(frame, ClientFrame::Hello { protocol: PROTOCOL, .. })
                }));
            }
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) => return Ok(None),
            Message::Close(_) => return Err(Lost),
        }
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

async fn tell(socket: &mut WebSocket, frame: &ServerFrame) -> Result<(), Lost> {
    let text = serde_json::to_string(frame).map_err(|_| Lost)?;
    send(socket, Message::Text(text.into())).await
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Lost> {
    timeout(TAKEN_WITHIN, socket.send(message)).await.map_err(|_| Lost)?.map_err(|_| Lost)
}
