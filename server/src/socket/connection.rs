//! One open socket of a user: sends what happens, processes what the client sends. It waits most of its life,
//! and the state it waits in is held thousands of times: everything else is boxed, and allocated only when
//! needed.

use super::{
    Disconnected, SocketTimeouts,
    frame_handler::{FrameHandler, Reply, Sent},
    text,
};
use axum::{
    body::Bytes,
    extract::ws::{Message, Utf8Bytes, WebSocket},
};
use chat::{Heads, Outgoing, Receiver, Subscription, SubscriptionHandle};
use domain::wire::{ClientFrame, CloseReason, ServerFrame};
use futures::{FutureExt, SinkExt, Stream, StreamExt, stream::FuturesUnordered};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

/// After so many heartbeats an open socket counts as a use of its session: a little more than a minute.
const BEATS_A_USE: u32 = 3;
/// The most rooms that a `hello` may ask about.
const MAX_CURSORS: usize = 64;
/// Messages of one connection that may wait for the disk; until they are written nothing more is read.
const MAX_UNANSWERED: usize = 64;
/// Frames that are written together, when so many wait.
const AT_ONCE: usize = 64;
/// How often a connection may find that it missed more while it was reading what it had missed.
const MAX_CATCH_UPS: usize = 8;

/// A connection and its place in the hub. Boxed, so that the task that runs it holds it once.
pub struct OpenSocket {
    pub connection: Connection,
    pub subscription: Subscription,
}

impl OpenSocket {
    /// Answers the `hello`. Returns the reason to close, if any.
    pub async fn greet(&mut self, hello: ClientFrame) -> Result<Option<CloseReason>, Disconnected> {
        let Subscription { receiver, heads, .. } = &mut self.subscription;
        let heads = std::mem::take(heads);
        tokio::select! {
            biased;
            close_reason = receiver.closed() => Ok(Some(close_reason)),
            closed = self.connection.greet(hello, heads) => closed,
        }
    }

    /// Runs until there is a reason to close. That reason takes precedence over everything the connection is busy with.
    pub async fn run(&mut self) -> Result<CloseReason, Disconnected> {
        let Subscription { handle, receiver, .. } = &self.subscription;
        tokio::select! {
            biased;
            close_reason = receiver.closed() => Ok(close_reason),
            closed = self.connection.event_loop(handle, receiver) => closed,
        }
    }
}

pub struct Connection {
    pub socket: WebSocket,
    answering: Arc<FrameHandler>,
    pub timeouts: SocketTimeouts,
    heard: Instant,
    beats: u32,
}

impl Connection {
    pub fn new(socket: WebSocket, answering: FrameHandler, timeouts: SocketTimeouts) -> Self {
        let answering = Arc::new(answering);
        Self { socket, answering, timeouts, heard: Instant::now(), beats: 0 }
    }

    async fn event_loop(
        &mut self,
        handle: &SubscriptionHandle,
        receiver: &Receiver,
    ) -> Result<CloseReason, Disconnected> {
        let answering = Arc::clone(&self.answering);
        let mut unanswered = FuturesUnordered::new();
        let mut heartbeat = every(self.timeouts.heartbeat);
        loop {
            // In random order: a connection that receives much must be read from all the same.
            let closed = tokio::select! {
                told = receiver.recv() => Box::pin(self.forward(told, handle, receiver)).await?,
                Some(frame) = unanswered.next() => {
                    Box::pin(self.acknowledge(frame, &mut unanswered)).await?
                },
                heard = self.socket.recv(), if unanswered.len() < MAX_UNANSWERED => {
                    // No frame, or one that is too large; if the client is gone, the answer is lost.
                    let Ok(heard) = heard.ok_or(Disconnected)? else { return Ok(CloseReason::Protocol) };
                    let (closed, sent) = Box::pin(self.hear(heard)).await?;
                    unanswered.extend(sent.map(|sent| answering.written(sent).boxed()));
                    closed
                }
                _ = heartbeat.tick() => Box::pin(self.on_heartbeat()).await?,
            };
            if let Some(close_reason) = closed {
                return Ok(close_reason);
            }
        }
    }

    /// Sends `welcome` and the missed changes of each room, one room at a time, so that no more than one is in
    /// memory.
    async fn greet(
        &mut self,
        hello: ClientFrame,
        heads: Heads,
    ) -> Result<Option<CloseReason>, Disconnected> {
        match self.answering.welcome().await {
            Ok(welcome) => self.tell([welcome]).await?,
            Err(close_reason) => return Ok(Some(close_reason)),
        }
        let ClientFrame::Hello { epoch, cursors, .. } = hello else { return Ok(None) };
        for cursor in cursors.into_iter().take(MAX_CURSORS) {
            match self.answering.resume(epoch, cursor, &heads).await {
                Ok(frame) => self.tell([frame]).await?,
                Err(close_reason) => return Ok(Some(close_reason)),
            }
        }
        Ok(None)
    }

    /// Processes a message. Returns the reason to close, if any, and the message to acknowledge later.
    async fn hear(
        &mut self,
        heard: Message,
    ) -> Result<(Option<CloseReason>, Option<Sent>), Disconnected> {
        self.heard = Instant::now();
        match heard {
            Message::Text(text) => match self.answering.answer(&text).await {
                Reply::Immediate(frame) => self.tell([frame]).await.map(|()| (None, None)),
                Reply::Close(close_reason) => Ok((Some(close_reason), None)),
                Reply::Deferred(sent) => Ok((None, Some(sent))),
                Reply::Nothing => Ok((None, None)),
            },
            Message::Binary(_) => Ok((Some(CloseReason::Protocol), None)),
            Message::Ping(_) | Message::Pong(_) => Ok((None, None)),
            Message::Close(_) => Err(Disconnected),
        }
    }

    /// Writes this acknowledgement and any others that are ready, in one go.
    async fn acknowledge(
        &mut self,
        first: ServerFrame,
        unanswered: &mut (impl Stream<Item = ServerFrame> + Unpin),
    ) -> Result<Option<CloseReason>, Disconnected> {
        let mut next = Some(first);
        while let Some(frame) = next {
            self.write(text(&frame)?).await?;
            next = unanswered.next().now_or_never().flatten();
        }
        self.flush().await?;
        Ok(None)
    }

    /// Writes the frames that wait, in one go.
    async fn forward(
        &mut self,
        first: Outgoing,
        handle: &SubscriptionHandle,
        receiver: &Receiver,
    ) -> Result<Option<CloseReason>, Disconnected> {
        let mut next = Some(first);
        let mut written = 0;
        while let Some(told) = next {
            match told {
                Outgoing::Frame(frame) => {
                    let text = Utf8Bytes::try_from(frame).map_err(|_| Disconnected)?;
                    self.write(Message::Text(text)).await?;
                }
                Outgoing::Lagged => {
                    self.flush().await?;
                    return self.catch_up(handle).await;
                }
            }
            written += 1;
            next = if written < AT_ONCE { receiver.try_recv() } else { None };
        }
        self.flush().await?;
        Ok(None)
    }

    /// Reads from the database what the queue could not take. Meanwhile the hub records what else is missed, so
    /// that no change falls between the two.
    async fn catch_up(
        &mut self,
        handle: &SubscriptionHandle,
    ) -> Result<Option<CloseReason>, Disconnected> {
        for _ in 0..MAX_CATCH_UPS {
            let missed = handle.take_lag();
            if missed.is_empty() {
                return Ok(None);
            }
            for (room, mut after) in missed {
                loop {
                    let changed = match self.answering.missed(room, after).await {
                        Ok(Some(changed)) => changed,
                        Ok(None) => break,
                        Err(close_reason) => return Ok(Some(close_reason)),
                    };
                    after = changed.changes.through;
                    self.tell([ServerFrame::Changes(changed.changes)]).await?;
                    if after >= changed.head {
                        break;
                    }
                }
            }
        }
        Ok(Some(CloseReason::TooSlow))
    }

    /// Sends a ping, and from time to time checks that the session still exists.
    async fn on_heartbeat(&mut self) -> Result<Option<CloseReason>, Disconnected> {
        if self.heard.elapsed() > self.timeouts.heartbeat * 2 {
            return Ok(Some(CloseReason::Silent));
        }
        self.beats += 1;
        let is_use = self.beats.is_multiple_of(BEATS_A_USE);
        if is_use && !self.answering.still_signed_in().await {
            return Ok(Some(CloseReason::SignedOut));
        }
        self.write(Message::Ping(Bytes::new())).await?;
        self.flush().await?;
        Ok(None)
    }

    async fn tell(
        &mut self,
        frames: impl IntoIterator<Item = ServerFrame>,
    ) -> Result<(), Disconnected> {
        for frame in frames {
            self.write(text(&frame)?).await?;
        }
        self.flush().await
    }

    /// Writes into the buffer, and flushes when that is full.
    async fn write(&mut self, message: Message) -> Result<(), Disconnected> {
        let written = timeout(self.timeouts.write_timeout, self.socket.feed(message)).await;
        written.map_err(|_| Disconnected)?.map_err(|_| Disconnected)
    }

    async fn flush(&mut self) -> Result<(), Disconnected> {
        let flushed = timeout(self.timeouts.write_timeout, self.socket.flush()).await;
        flushed.map_err(|_| Disconnected)?.map_err(|_| Disconnected)
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
