//! What a client does with a frame: a frame in, an effect out. The browser, the tests and the load generator
//! all go through this; what they add is the socket and the clock.

#[cfg(test)]
mod tests;

use crate::{
    clock::Millis,
    ids::{ClientId, RoomId},
    messages::{MessageText, NewMessage},
    timeline::{Next, PendingState, Timeline},
    wire::{ClientFrame, ServerFrame},
};
use std::collections::BTreeMap;

/// What the owner of the socket has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Effect {
    Send(ClientFrame),
    /// The copy of the room is worth nothing: read its page afresh, and reset the timeline with it. The room may no
    /// longer be there for this user.
    Reload(RoomId),
}

/// A client, by the rooms that it keeps copies of.
pub trait Client {
    /// The rooms that it keeps copies of.
    fn rooms(&self) -> Vec<RoomId>;

    /// Changes the copy of a room, once, if there is one.
    fn with_room(&mut self, room: RoomId, change: &mut dyn FnMut(&mut Timeline));

    /// Merges what the server tells.
    fn on_frame(&mut self, frame: ServerFrame) -> Option<Effect> {
        match frame {
            ServerFrame::Changes(changes) => {
                let (room, mut changes) = (changes.room, Some(changes));
                self.merge(room, &mut |open| changes.take().map(|changes| open.apply(changes)))
            }
            ServerFrame::Answer { changes, head } => {
                let (room, mut changes) = (changes.room, Some(changes));
                self.merge(room, &mut |open| {
                    changes.take().map(|changes| open.answer(changes, head))
                })
            }
            ServerFrame::Ack { room, message } => {
                let mut message = Some(message);
                self.with_room(room, &mut |open| {
                    if let Some(message) = message.take() {
                        open.confirm(message);
                    }
                });
                None
            }
            // A refusal names the message and not its room.
            ServerFrame::Nack { client_id: Some(client_id), sentence, .. } => {
                for room in self.rooms() {
                    self.with_room(room, &mut |open| open.fail(client_id, sentence.clone()));
                }
                None
            }
            ServerFrame::Reset { room } => Some(Effect::Reload(room)),
            ServerFrame::Nack { client_id: None, .. }
            | ServerFrame::Welcome { .. }
            | ServerFrame::You { .. }
            | ServerFrame::Pong
            | ServerFrame::Bye { .. } => None,
        }
    }

    /// The connection is new: what has to be asked again, and sent again.
    #[must_use]
    fn on_welcome(&mut self) -> Vec<ClientFrame> {
        let mut frames = Vec::new();
        for room in self.rooms() {
            self.with_room(room, &mut |open| {
                frames.extend(question(room, open.reconnected()));
                let sending = |state: &PendingState| *state == PendingState::Sending;
                let unsent = open.pending().iter().filter(|pending| sending(&pending.state));
                frames.extend(unsent.map(|it| send(room, it.client_id, it.text.clone())));
            });
        }
        frames
    }

    /// Asks for what was told before the room was there to hear it.
    #[must_use]
    fn catch_up(&mut self, room: RoomId) -> Option<ClientFrame> {
        let mut frame = None;
        self.with_room(room, &mut |open| frame = question(room, open.catch_up()));
        frame
    }

    /// Shows a message before the server has it, and answers the frame that sends it. None if there is no such room.
    #[must_use]
    fn submit(&mut self, room: RoomId, message: NewMessage, at: Millis) -> Option<ClientFrame> {
        let mut frame = None;
        self.with_room(room, &mut |open| {
            let NewMessage { client_id, text } = message.clone();
            open.post(client_id, text.clone(), at);
            frame = Some(send(room, client_id, text));
        });
        frame
    }

    /// Sends again what was not sent: the same message, under the same id.
    #[must_use]
    fn retry(&mut self, room: RoomId, client_id: ClientId) -> Option<ClientFrame> {
        let mut text = None;
        self.with_room(room, &mut |open| text = open.retry(client_id));
        Some(send(room, client_id, text?))
    }

    /// Merges something into a room, and answers what it asks for.
    #[doc(hidden)]
    fn merge(
        &mut self,
        room: RoomId,
        merge: &mut dyn FnMut(&mut Timeline) -> Option<Next>,
    ) -> Option<Effect> {
        let mut frame = None;
        self.with_room(room, &mut |open| {
            frame = merge(open).and_then(|step| question(room, step));
        });
        frame.map(Effect::Send)
    }
}

const fn send(room: RoomId, client_id: ClientId, text: MessageText) -> ClientFrame {
    ClientFrame::Send { room, client_id, text }
}

/// The frame that asks for what is missing.
#[must_use]
pub const fn question(room: RoomId, step: Next) -> Option<ClientFrame> {
    match step {
        Next::Ask { after } => Some(ClientFrame::Changes { room, after }),
        Next::Wait => None,
    }
}

/// A client that keeps one room.
impl Client for Timeline {
    fn rooms(&self) -> Vec<RoomId> {
        vec![self.details().id]
    }

    fn with_room(&mut self, room: RoomId, change: &mut dyn FnMut(&mut Timeline)) {
        if self.details().id == room {
            change(self);
        }
    }
}

/// A client that keeps many.
impl Client for BTreeMap<RoomId, Timeline> {
    fn rooms(&self) -> Vec<RoomId> {
        self.keys().copied().collect()
    }

    fn with_room(&mut self, room: RoomId, change: &mut dyn FnMut(&mut Timeline)) {
        if let Some(timeline) = self.get_mut(&room) {
            change(timeline);
        }
    }
}
