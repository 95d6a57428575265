//! What a client does with a frame: a frame in, an effect out. The browser, the tests and the load generator
//! all go through this; what they add is the socket and the clock.

#[cfg(test)]
mod tests;

use crate::{
    clock::Millis,
    history::HistoryPage,
    ids::{ClientId, RoomId, UserId},
    messages::{Message, NewMessage, Rev, Seq},
    outbox::{Outbox, OutboxEntry, SendState},
    timeline::{Next, PageId, Timeline},
    wire::{ChangeSet, ClientFrame, ServerFrame},
};

/// What the owner of the socket has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Effect {
    Send(ClientFrame),
    /// The copy of the room is worth nothing: read its page afresh, and open the room with it. The room may no
    /// longer be there for this user.
    Reload(RoomId),
}

/// A user's client: copies of rooms, and what was submitted to whichever room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    outbox: Outbox,
    /// At most one of each room.
    rooms: Vec<Timeline>,
    /// Whether one of them may be otherwise than when this was last asked.
    is_changed: bool,
}

impl Client {
    #[must_use]
    pub const fn new(me: UserId) -> Self {
        Self { outbox: Outbox::new(me), rooms: Vec::new(), is_changed: false }
    }

    #[must_use]
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The rooms that it keeps copies of, in the order in which they were opened.
    #[must_use]
    pub fn rooms(&self) -> &[Timeline] {
        &self.rooms
    }

    #[must_use]
    pub fn room(&self, room: RoomId) -> Option<&Timeline> {
        self.rooms.iter().find(|timeline| timeline.details().id == room)
    }

    fn room_mut(&mut self, room: RoomId) -> Option<&mut Timeline> {
        let found = self.rooms.iter_mut().find(|timeline| timeline.details().id == room);
        self.is_changed |= found.is_some();
        found
    }

    /// Keeps a copy of a room from a page of its history, or begins the one that it has again.
    pub fn open(&mut self, page: HistoryPage) {
        let (me, room) = (self.outbox.user(), page.details.id);
        let _ = self.outbox.settle(&page.messages);
        let timeline = Timeline::new(me, page);
        match self.room_mut(room) {
            Some(known) => *known = timeline,
            None => self.rooms.push(timeline),
        }
        self.outbox_changed(room);
    }

    /// Keeps no copy of any room but this one. What was submitted to the others is still sent.
    pub fn keep_only(&mut self, room: RoomId) {
        self.rooms.retain(|timeline| timeline.details().id == room);
    }

    /// The pages of its first room that have changed since this was last asked, with what was submitted to it. None
    /// if nothing of what it keeps can have changed.
    pub fn take_changed_pages(&mut self) -> Option<Vec<PageId>> {
        let is_changed = std::mem::take(&mut self.is_changed);
        Some(self.rooms.first_mut().filter(|_| is_changed)?.take_changed_pages())
    }

    /// Merges what the server tells.
    pub fn on_frame(&mut self, frame: ServerFrame) -> Option<Effect> {
        match frame {
            ServerFrame::Changes(changes) => self.merge(changes, None),
            ServerFrame::Answer { changes, head } => self.merge(changes, Some(head)),
            ServerFrame::Ack { room, message } => {
                self.confirm(room, message);
                None
            }
            ServerFrame::Nack { client_id: Some(client_id), sentence, .. } => {
                self.fail(client_id, sentence);
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

    /// Merges changes as they happened; with a head, the answer to a question.
    fn merge(&mut self, changes: ChangeSet, head: Option<Rev>) -> Option<Effect> {
        let room = changes.room;
        let is_settled = self.outbox.settle(&changes.messages);
        let timeline = self.room_mut(room)?;
        let next = match head {
            Some(head) => timeline.answer(changes, head),
            None => timeline.apply(changes),
        };
        if is_settled {
            self.outbox_changed(room);
        }
        question(room, next).map(Effect::Send)
    }

    /// The server has it: what was submitted becomes the stored message at once, without waiting for the change set
    /// that carries it.
    fn confirm(&mut self, room: RoomId, message: Message) {
        let is_settled = self.outbox.settle(std::slice::from_ref(&message));
        if let Some(timeline) = self.room_mut(room) {
            timeline.confirm(message);
        }
        if is_settled {
            self.outbox_changed(room);
        }
    }

    /// The connection is new: what has to be asked again, and sent again.
    #[must_use]
    pub fn on_welcome(&mut self) -> Vec<ClientFrame> {
        let mut frames = Vec::new();
        for open in &mut self.rooms {
            frames.extend(question(open.details().id, open.reconnected()));
        }
        for entry in self.outbox.entries() {
            if entry.state == SendState::Sending {
                frames.push(send(entry));
            }
        }
        frames
    }

    /// Asks for what was told before the room was there to hear it.
    #[must_use]
    pub fn catch_up(&mut self, room: RoomId) -> Option<ClientFrame> {
        question(room, self.room_mut(room)?.catch_up())
    }

    /// Puts the page of what came before `before` in front of the rest, and answers what it asks for.
    #[must_use]
    pub fn older(&mut self, before: Seq, page: HistoryPage) -> Option<ClientFrame> {
        self.extend(page, |timeline, page| timeline.older(before, page))
    }

    /// Puts the page of what came after `after` behind the rest, and answers what it asks for.
    #[must_use]
    pub fn newer(&mut self, after: Seq, page: HistoryPage) -> Option<ClientFrame> {
        self.extend(page, |timeline, page| timeline.newer(after, page))
    }

    fn extend(
        &mut self,
        page: HistoryPage,
        extend: impl FnOnce(&mut Timeline, HistoryPage) -> Next,
    ) -> Option<ClientFrame> {
        let room = page.details.id;
        let is_settled = self.outbox.settle(&page.messages);
        let next = extend(self.room_mut(room)?, page);
        if is_settled {
            self.outbox_changed(room);
        }
        question(room, next)
    }

    /// Shows a message before the server has it, and answers the frame that sends it.
    pub fn submit(&mut self, room: RoomId, message: NewMessage, at: Millis) -> Option<ClientFrame> {
        self.room_mut(room)?.begin_page_for_submitted();
        self.outbox.submit(room, message, at);
        self.outbox_changed(room);
        self.outbox.entries().last().map(send)
    }

    /// Sends again what was not sent: the same message, under the same id.
    #[must_use]
    pub fn retry(&mut self, client_id: ClientId, now: Millis) -> Option<ClientFrame> {
        let entry = self.outbox.retry(client_id, now)?;
        let (room, again) = (entry.room, send(entry));
        self.outbox_changed(room);
        Some(again)
    }

    /// The message was refused.
    pub fn fail(&mut self, client_id: ClientId, sentence: String) {
        if let Some(room) = self.outbox.fail(client_id, sentence) {
            self.outbox_changed(room);
        }
    }

    /// It is not to be sent any more. Answers what it was.
    pub fn discard(&mut self, client_id: ClientId) -> Option<OutboxEntry> {
        let entry = self.outbox.discard(client_id)?;
        self.outbox_changed(entry.room);
        Some(entry)
    }

    /// Takes up what is stored: what was submitted before the page was left, and by other pages. What the copies have
    /// got meanwhile waits no longer.
    pub fn take_up(&mut self, stored: Vec<OutboxEntry>) {
        let rooms = self.outbox.take_up(stored);
        for timeline in &self.rooms {
            let _ = self.outbox.settle(timeline.messages());
        }
        for room in rooms {
            if let Some(timeline) = self.room_mut(room) {
                timeline.begin_page_for_submitted();
            }
            self.outbox_changed(room);
        }
    }

    /// What has waited for more than a day is not sent without being asked about; `sentence` says why.
    pub fn expire(&mut self, now: Millis, sentence: &str) {
        for room in self.outbox.expire(now, sentence) {
            self.outbox_changed(room);
        }
    }

    /// What waits, if that may be otherwise than when this was last asked.
    pub fn take_changed_outbox(&mut self) -> Option<&[OutboxEntry]> {
        self.outbox.take_changed().then(|| self.outbox.entries())
    }

    /// What is shown after the stored messages of a room may be otherwise.
    fn outbox_changed(&mut self, room: RoomId) {
        let is_waiting = self.outbox.of(room).next().is_some();
        if let Some(timeline) = self.room_mut(room) {
            timeline.outbox_changed(is_waiting);
        }
    }
}

fn send(entry: &OutboxEntry) -> ClientFrame {
    let NewMessage { client_id, text } = entry.message.clone();
    ClientFrame::Send { room: entry.room, client_id, text }
}

/// The frame that asks for what is missing.
const fn question(room: RoomId, step: Next) -> Option<ClientFrame> {
    match step {
        Next::FetchChanges { after } => Some(ClientFrame::Changes { room, after }),
        Next::Idle => None,
    }
}
