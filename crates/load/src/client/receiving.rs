//! How a client processes what it receives, as a browser does, and what it records of it.

use super::{Client, START};
use crate::{Result, connection::Connection, record::Acked};
use domain::{
    ids::{ClientId, RoomId},
    messages::Message,
    protocol::client::Effect,
    wire::{ChangeSet, NackCode, ServerFrame},
};
use std::{
    sync::{PoisonError, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

impl Client {
    /// Reads a room's newest page, and continues from there.
    pub(super) async fn opens(&mut self, room: RoomId) -> Result<()> {
        let page = self.user.reads(room, None).await?;
        for message in &page.messages {
            self.record.shows(room, message, None);
        }
        self.copies.open(page);
        Ok(())
    }

    pub(super) async fn hears(
        &mut self,
        connection: &mut Connection,
        frame: ServerFrame,
    ) -> Result<()> {
        match &frame {
            ServerFrame::Changes(changes) => self.is_shown(changes, Some(self.record.connections)),
            ServerFrame::Answer { changes, .. } => self.is_shown(changes, None),
            ServerFrame::Ack { room, message } => {
                let (room, &Message { client_id, id, seq, .. }) = (*room, message);
                self.record.heard_of.insert(room);
                self.record.acked.push(Acked { room, client_id, id, seq, at: Instant::now() });
                self.metrics.acked.fetch_add(1, Relaxed);
            }
            ServerFrame::Nack { client_id: Some(client_id), code, sentence } => {
                self.is_refused(*client_id, *code, sentence);
            }
            ServerFrame::Reset { room } => {
                self.record.heard_of.insert(*room);
            }
            ServerFrame::Bye { code, .. } => {
                self.record.farewells.push(*code);
                return Err("dismissed".into());
            }
            // These concern this client's own display only.
            ServerFrame::Nack { client_id: None, .. }
            | ServerFrame::Welcome { .. }
            | ServerFrame::You { .. }
            | ServerFrame::Pong => {}
        }
        match self.copies.on_frame(frame) {
            Some(Effect::Send(frame)) => connection.tells(&frame).await,
            Some(Effect::Reload(room)) => self.opens(room).await,
            None => Ok(()),
        }
    }

    fn is_shown(&mut self, changes: &ChangeSet, live: Option<u32>) {
        self.record.heard_of.insert(changes.room);
        for message in &changes.messages {
            self.record.shows(changes.room, message, live);
            if live.is_some() && message.author != self.record.me {
                let delays = self.metrics.delays.lock();
                delays.unwrap_or_else(PoisonError::into_inner).extend(age(message));
            }
        }
    }

    fn is_refused(&mut self, client_id: ClientId, code: NackCode, sentence: &str) {
        let for_good = !matches!(code, NackCode::SlowDown | NackCode::Failed);
        if for_good && self.refused.insert(client_id) {
            self.record.refused.push(format!("{code:?}: {sentence}"));
        }
    }
}

/// How long ago it was sent.
fn age(message: &Message) -> Option<Duration> {
    let (_, said) = message.text.as_str().rsplit_once('@')?;
    START.elapsed().checked_sub(Duration::from_micros(said.parse().ok()?))
}
