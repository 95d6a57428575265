//! What a client's frame leads to: one call into `chat`, and the frames that answer it.

use crate::router::State;
use app::i18n::{Language, errors::sentence};
use chat::{Actor, Changed, Chat, Heads, Receipt, Resumed};
use domain::{
    error::AppError,
    ids::{ClientId, Epoch, RoomId},
    messages::Rev,
    wire::{
        ClientFrame, CloseReason, Cursor, HEARTBEAT_MILLIS, NackCode, ServerFrame,
        client_id_of_malformed,
    },
};
use std::time::Duration;
use tokio::time::sleep;

pub struct FrameHandler {
    /// Rather than a `Chat` of its own, which is larger: there are thousands of these.
    pub state: State,
    pub actor: Actor,
    pub language: Language,
}

/// The answer to a frame.
pub enum Reply {
    Immediate(ServerFrame),
    /// An acknowledgement, once the message is written: [`FrameHandler::written`].
    Deferred(Sent),
    Nothing,
    /// The socket is to be closed.
    Close(CloseReason),
}

/// A message that has been enqueued and not yet acknowledged.
pub struct Sent {
    room: RoomId,
    client_id: ClientId,
    receipt: Receipt,
}

impl FrameHandler {
    /// Answers the `hello`. The rooms that it asks about are answered one by one by [`Self::resume`], because
    /// the changes that one room missed may be large.
    pub async fn welcome(&self) -> Result<ServerFrame, CloseReason> {
        // The user's current name: later changes of it are sent as they happen.
        let me = self.chat().viewer(&self.actor).await.map_err(|_| CloseReason::Broken)?;
        Ok(ServerFrame::Welcome {
            epoch: self.chat().epoch(),
            user: me.id,
            name: me.name,
            avatar: me.avatar,
            heartbeat_millis: HEARTBEAT_MILLIS,
        })
    }

    /// The changes that a client missed in a room, after the cursor in its `hello`.
    pub async fn resume(
        &self,
        epoch: Option<Epoch>,
        cursor: Cursor,
        heads: &Heads,
    ) -> Result<ServerFrame, CloseReason> {
        match in_its_time(|| self.chat().resume(&self.actor, epoch, cursor, heads)).await {
            Ok(Resumed::Changed(changed)) => Ok(answer(changed)),
            // Or the user is no longer a member: the client finds that out when it reads the room again.
            Ok(Resumed::Reset) | Err(AppError::NotFound(_)) => {
                Ok(ServerFrame::Reset { room: cursor.room })
            }
            Err(error) => self.refuse(&error),
        }
    }

    /// Refuses a request for a room that is not there. After any other error the client would wait for what it
    /// missed, so the socket is closed; the client reconnects and asks again.
    fn refuse(&self, error: &AppError) -> Result<ServerFrame, CloseReason> {
        match error {
            AppError::NotFound(_) => Ok(self.nack(None, error)),
            _ => Err(CloseReason::Broken),
        }
    }

    pub async fn answer(&self, text: &str) -> Reply {
        let Ok(frame) = serde_json::from_str(text) else {
            // Usually a text that is empty or too long.
            let error = AppError::Malformed;
            return Reply::Immediate(self.nack(client_id_of_malformed(text), &error));
        };
        match frame {
            ClientFrame::Hello { .. } => Reply::Immediate(self.nack(None, &AppError::Malformed)),
            ClientFrame::Ping => Reply::Immediate(ServerFrame::Pong),
            ClientFrame::Read { room, seq } => {
                match self.chat().mark_read(&self.actor, room, seq).await {
                    Ok(()) => Reply::Nothing,
                    Err(error) => Reply::Immediate(self.nack(None, &error)),
                }
            }
            ClientFrame::Changes { room, after } => {
                let changed = in_its_time(|| self.chat().changes(&self.actor, room, after)).await;
                match changed.map(answer).or_else(|error| self.refuse(&error)) {
                    Ok(frame) => Reply::Immediate(frame),
                    Err(close_reason) => Reply::Close(close_reason),
                }
            }
            ClientFrame::Send { room, client_id, text } => {
                let enqueue = || self.chat().enqueue(&self.actor, room, client_id, text.clone());
                match in_its_time(enqueue).await {
                    Ok(receipt) => Reply::Deferred(Sent { room, client_id, receipt }),
                    Err(error) => Reply::Immediate(self.nack(Some(client_id), &error)),
                }
            }
        }
    }

    /// The acknowledgement or refusal of a message, once the writer has answered.
    pub async fn written(&self, sent: Sent) -> ServerFrame {
        let Sent { room, client_id, receipt } = sent;
        match self.chat().await_receipt(&self.actor, room, receipt).await {
            Ok(message) => ServerFrame::Ack { room, message },
            Err(error) => self.nack(Some(client_id), &error),
        }
    }

    /// The changes in a room that a lagging connection missed; none when the user has left the room.
    pub async fn missed(&self, room: RoomId, after: Rev) -> Result<Option<Changed>, CloseReason> {
        match self.chat().changes_after_lag(&self.actor, room, after).await {
            Ok(changed) => Ok(Some(changed)),
            Err(AppError::NotFound(_)) => Ok(None),
            Err(_) => Err(CloseReason::Broken),
        }
    }

    /// Whether the session still exists. If the database cannot say, the connection stays open.
    pub async fn still_signed_in(&self) -> bool {
        self.chat().still_signed_in(&self.actor).await.unwrap_or(true)
    }

    fn chat(&self) -> &Chat {
        &self.state.chat
    }

    fn nack(&self, client_id: Option<ClientId>, error: &AppError) -> ServerFrame {
        let sentence = sentence(self.language, error);
        ServerFrame::Nack { client_id, code: code(error), sentence }
    }
}

/// A client that was offline sends what waited at once, and may come back to many rooms.
const MAX_PAUSE_SECONDS: u32 = 2;

/// Retries until the rate limit allows it, if that is soon. A client that asks too often is delayed, and no request of
/// it is lost or overtaken: its connection processes nothing else meanwhile.
#[expect(clippy::disallowed_methods, reason = "the limit itself says for how long")]
async fn in_its_time<T, F>(asks: impl Fn() -> F) -> Result<T, AppError>
where
    F: Future<Output = Result<T, AppError>>,
{
    loop {
        match asks().await {
            Err(AppError::SlowDown { seconds }) if seconds <= MAX_PAUSE_SECONDS => {
                sleep(Duration::from_secs(seconds.into())).await;
            }
            answered => return answered,
        }
    }
}

fn answer(changed: chat::Changed) -> ServerFrame {
    ServerFrame::Answer { changes: changed.changes, head: changed.head }
}

const fn code(error: &AppError) -> NackCode {
    match error {
        AppError::Malformed | AppError::Invalid { .. } => NackCode::Malformed,
        AppError::NotFound(_) | AppError::SignedOut => NackCode::NotFound,
        AppError::Conflict => NackCode::Conflict,
        AppError::SlowDown { .. } => NackCode::SlowDown,
        _ => NackCode::Failed,
    }
}
