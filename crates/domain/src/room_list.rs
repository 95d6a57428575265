//! The list of a user's rooms, updated live: the one with the newest activity first.

#[cfg(test)]
mod tests;

use crate::{
    ids::{RoomId, UserId},
    messages::{Message, Seq},
    rooms::{LastMessage, MAX_UNREAD, RoomSummary},
    wire::ChangeSet,
};
use std::cmp::Reverse;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomList {
    /// The user whose list it is.
    me: Option<UserId>,
    rooms: Vec<RoomSummary>,
    /// The room on the screen, while its newest message is in view.
    shown: Option<RoomId>,
    /// How far rooms have been read here. The server may not know yet when it answers a request for the list.
    read: Vec<(RoomId, Seq)>,
    request: Request,
}

/// The state of the request for the whole list. One request is in flight at a time, so that answers arrive in
/// the order in which they were made.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Request {
    None,
    /// The answer may be older than the changes that arrived since the request was sent.
    InFlight {
        heard: Vec<ChangeSet>,
        again: bool,
    },
}

impl RoomList {
    #[must_use]
    pub const fn new(me: Option<UserId>, rooms: Vec<RoomSummary>) -> Self {
        Self { me, rooms, shown: None, read: Vec::new(), request: Request::None }
    }

    #[must_use]
    pub fn rooms(&self) -> &[RoomSummary] {
        &self.rooms
    }

    /// Asks for the whole list. Returns whether to send the request now: while one is in flight, the next is
    /// sent after its answer.
    #[must_use]
    pub fn request(&mut self) -> bool {
        if let Request::InFlight { again, .. } = &mut self.request {
            *again = true;
            return false;
        }
        self.request = Request::InFlight { heard: Vec::new(), again: false };
        true
    }

    /// Takes the answer, or none if the request failed, and applies the changes that arrived meanwhile. Returns
    /// whether to send another request.
    #[must_use]
    pub fn answered(&mut self, rooms: Option<Vec<RoomSummary>>) -> bool {
        let request = std::mem::replace(&mut self.request, Request::None);
        let (Some(rooms), Request::InFlight { heard, again }) = (rooms, request) else {
            return false;
        };
        self.rooms = rooms;
        for changes in &heard {
            self.merge(changes);
        }
        for (id, read) in &self.read {
            let is_read = |room: &&mut RoomSummary| {
                room.id == *id && room.last.as_ref().is_some_and(|last| last.seq <= *read)
            };
            self.rooms.iter_mut().filter(is_read).for_each(|room| room.unread = 0);
        }
        self.read_shown();
        again && self.request()
    }

    /// The user sees the newest message of this room, or no longer does.
    pub fn show(&mut self, room: Option<RoomId>) {
        self.shown = room;
        self.read_shown();
    }

    /// Applies a change that was delivered live. Returns whether the room is in the list.
    #[must_use]
    pub fn apply(&mut self, changes: &ChangeSet) -> bool {
        if let Request::InFlight { heard, .. } = &mut self.request {
            heard.push(changes.clone());
        }
        let is_known = self.merge(changes);
        self.read_shown();
        is_known
    }

    fn merge(&mut self, changes: &ChangeSet) -> bool {
        let is_it = |room: &RoomSummary| room.id == changes.room && room.invited_by.is_none();
        let Some(place) = self.rooms.iter().position(is_it) else { return false };
        let mut room = self.rooms.remove(place);
        if let Some(details) = &changes.details
            && let Some(title) = &details.title
        {
            room.title = Some(title.clone());
            room.avatar = details.avatar;
        }
        if let Some(other) = changes.members.iter().find(|it| Some(it.user) == room.with) {
            room.title = other.name.as_ref().map(Into::into);
            room.avatar = other.avatar;
        }
        changes.messages.iter().for_each(|message| note(&mut room, message, self.me));
        let rank = |room: &RoomSummary| (Reverse(room.active_at), room.id);
        let place = self.rooms.partition_point(|other| rank(other) < rank(&room));
        self.rooms.insert(place, room);
        true
    }

    fn read_shown(&mut self) {
        let shown = self.shown;
        let shown = self.rooms.iter_mut().find(|room| Some(room.id) == shown);
        let Some(room) = shown else { return };
        room.unread = 0;
        if let Some(last) = &room.last {
            self.read.retain(|(id, _)| *id != room.id);
            self.read.push((room.id, last.seq));
        }
    }
}

fn note(room: &mut RoomSummary, message: &Message, me: Option<UserId>) {
    let last = room.last.as_ref().map(|last| last.seq);
    if last > Some(message.seq) {
        return;
    }
    if last < Some(message.seq) && Some(message.author) != me {
        room.unread = (room.unread + 1).min(MAX_UNREAD);
    }
    room.last = Some(LastMessage { seq: message.seq, text: message.text.clone() });
    room.active_at = message.at;
}
