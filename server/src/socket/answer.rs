//! What a frame from a client leads to: one call into `chat`, and the frames that answer it.

use app::i18n::{Language, errors::sentence};
use chat::{Actor, Changed, Chat, Receipt, Resumed};
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
    pub chat: Chat,
    pub actor: Actor,
    pub language: Language,
}

/// What a frame leads to.
pub enum Answer {
    Now(ServerFrame),
    /// Once the message has been written: [`FrameHandler::written`].
    Later(Sent),
    Nothing,
    /// There is no going on.
    Part(CloseReason),
}

/// A message that has been enqueued and not been acknowledged.
pub struct Sent {
    room: RoomId,
    client_id: ClientId,
    receipt: Receipt,
}

impl FrameHandler {
    /// Answers the greeting. Where the rooms stand that it asks about is answered by [`Self::resume`], one by one:
    /// what one room missed may be large.
    pub async fn welcome(&self) -> Result<ServerFrame, CloseReason> {
        // As the user is called by now: what changes from here on is told.
        let me = self.chat.viewer(&self.actor).await.map_err(|_| CloseReason::Broken)?;
        Ok(ServerFrame::Welcome {
            epoch: self.chat.epoch(),
            user: me.id,
            name: me.name,
            avatar: me.avatar,
            heartbeat_millis: HEARTBEAT_MILLIS,
        })
    }

    /// Where a room stands of which the greeting says how far the client knows it.
    pub async fn resume(
        &self,
        epoch: Option<Epoch>,
        cursor: Cursor,
    ) -> Result<ServerFrame, CloseReason> {
        match in_its_time(|| self.chat.resume(&self.actor, epoch, cursor)).await {
            Ok(Resumed::Changed(changed)) => Ok(answer(changed)),
            // Or the person is no longer in: reading afresh, the client finds that out.
            Ok(Resumed::Reset) | Err(AppError::NotFound) => {
                Ok(ServerFrame::Reset { room: cursor.room })
            }
            Err(error) => self.refuse(&error),
        }
    }

    /// A room that is not there is an answer. A question that could not be answered would leave the
    /// client waiting for what it missed: it comes back and asks again.
    fn refuse(&self, error: &AppError) -> Result<ServerFrame, CloseReason> {
        match error {
            AppError::NotFound => Ok(self.nack(None, error)),
            _ => Err(CloseReason::Broken),
        }
    }

    pub async fn answer(&self, text: &str) -> Answer {
        let Ok(frame) = serde_json::from_str(text) else {
            // Most often a text that is empty or too long.
            let error = AppError::Malformed;
            return Answer::Now(self.nack(client_id_of_malformed(text), &error));
        };
        match frame {
            ClientFrame::Hello { .. } => Answer::Now(self.nack(None, &AppError::Malformed)),
            ClientFrame::Ping => Answer::Now(ServerFrame::Pong),
            ClientFrame::Read { room, seq } => {
                match self.chat.mark_read(&self.actor, room, seq).await {
                    Ok(()) => Answer::Nothing,
                    Err(error) => Answer::Now(self.nack(None, &error)),
                }
            }
            ClientFrame::Changes { room, after } => {
                let changed = in_its_time(|| self.chat.changes(&self.actor, room, after)).await;
                match changed.map(answer).or_else(|error| self.refuse(&error)) {
                    Ok(frame) => Answer::Now(frame),
                    Err(close_reason) => Answer::Part(close_reason),
                }
            }
            ClientFrame::Send { room, client_id, text } => {
                match self.chat.enqueue(&self.actor, room, client_id, text).await {
                    Ok(receipt) => Answer::Later(Sent { room, client_id, receipt }),
                    Err(error) => Answer::Now(self.nack(Some(client_id), &error)),
                }
            }
        }
    }

    /// Answers for a message once it is on disk, or is known not to be.
    pub async fn written(&self, sent: Sent) -> ServerFrame {
        let Sent { room, client_id, receipt } = sent;
        match self.chat.stored(&self.actor, room, receipt).await {
            Ok(message) => ServerFrame::Ack { room, message },
            Err(error) => self.nack(Some(client_id), &error),
        }
    }

    /// What a connection that fell behind has to be told of a room; nothing when it has left the room.
    pub async fn missed(&self, room: RoomId, after: Rev) -> Result<Option<Changed>, CloseReason> {
        match self.chat.missed(&self.actor, room, after).await {
            Ok(changed) => Ok(Some(changed)),
            Err(AppError::NotFound) => Ok(None),
            Err(_) => Err(CloseReason::Broken),
        }
    }

    /// Whether the session still lives. A database that cannot say is no reason to part.
    pub async fn still_signed_in(&self) -> bool {
        self.chat.still_signed_in(&self.actor).await.unwrap_or(true)
    }

    fn nack(&self, client_id: Option<ClientId>, error: &AppError) -> ServerFrame {
        let sentence = sentence(self.language, error);
        ServerFrame::Nack { client_id, code: code(error), sentence }
    }
}

/// Asks until it is not too often any more. A client that asks too often waits, and nothing that it asks for
/// is lost: its connection stands still meanwhile.
#[expect(clippy::disallowed_methods, reason = "the limit itself says for how long")]
async fn in_its_time<T, F>(asks: impl Fn() -> F) -> Result<T, AppError>
where
    F: Future<Output = Result<T, AppError>>,
{
    loop {
        match asks().await {
            Err(AppError::SlowDown { seconds }) => sleep(Duration::from_secs(seconds.into())).await,
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
        AppError::NotFound | AppError::SignedOut => NackCode::NotFound,
        AppError::Conflict => NackCode::Conflict,
        AppError::SlowDown { .. } => NackCode::SlowDown,
        _ => NackCode::Failed,
    }
}
