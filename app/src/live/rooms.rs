//! The list of rooms, as it changes under the reader's eyes.

use super::{browser, browser::visible};
use crate::api::list_rooms;
use domain::{
    clock::{Clock, Millis},
    ids::{PersonId, RoomId},
    messages::Message,
    rooms::{LastLine, RoomSummary, UNREAD_MOST},
    wire::Batch,
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use std::cmp::Reverse;

#[derive(Debug, Clone, Copy)]
pub struct Rooms {
    list: RwSignal<Vec<RoomSummary>>,
    /// The room on the screen, and whether its newest line is.
    shown: StoredValue<Option<RoomId>>,
    pub now: RwSignal<Millis>,
}

impl Rooms {
    pub fn new(list: Vec<RoomSummary>, now: Millis) -> Self {
        Self { list: RwSignal::new(list), shown: StoredValue::new(None), now: RwSignal::new(now) }
    }

    #[must_use]
    pub const fn list(self) -> RwSignal<Vec<RoomSummary>> {
        self.list
    }

    /// Draws the times of the list anew when the reader's day ends or their clock changes.
    pub async fn keep_time(self, clock: Clock) {
        loop {
            TimeoutFuture::new(clock.fresh_for(browser::now())).await;
            self.now.try_set(browser::now());
        }
    }

    /// Asks for the whole list: after a connection, or when a room turns up that is not in it.
    pub fn refresh(self) {
        leptos::task::spawn_local(async move {
            if let Ok(list) = list_rooms().await {
                self.list.try_set(list);
                self.now.try_set(browser::now());
                self.read_shown();
            }
        });
    }

    /// The reader looks at the newest line of this room, or no longer does.
    pub fn show(self, room: Option<RoomId>) {
        self.shown.set_value(room);
        self.read_shown();
    }

    pub fn apply(self, batch: &Batch, me: Option<PersonId>, now: Millis) {
        let is_it = |room: &RoomSummary| room.id == batch.room && room.invited_by.is_none();
        let known = self.list.with_untracked(|list| list.iter().any(is_it));
        if !known {
            self.refresh();
            return;
        }
        self.now.try_set(now);
        self.list.try_update(|list| {
            let Some(place) = list.iter().position(|room| room.id == batch.room) else { return };
            let mut room = list.remove(place);
            if let Some(about) = &batch.about
                && let Some(title) = &about.title
            {
                room.title = Some(title.clone());
                room.picture = about.picture;
            }
            if let Some(other) = batch.members.iter().find(|it| Some(it.person) == room.with) {
                room.title = other.name.as_ref().map(Into::into);
                room.picture = other.picture;
            }
            batch.messages.iter().for_each(|message| note(&mut room, message, me));
            let rank = |room: &RoomSummary| (Reverse(room.active_at), room.id);
            let place = list.partition_point(|other| rank(other) < rank(&room));
            list.insert(place, room);
        });
        self.read_shown();
    }

    fn read_shown(self) {
        let Some(shown) = self.shown.get_value().filter(|_| visible()) else { return };
        let is_unread = |room: &RoomSummary| room.id == shown && room.unread > 0;
        if self.list.with_untracked(|list| list.iter().any(is_unread)) {
            self.list.update(|list| {
                list.iter_mut().filter(|room| room.id == shown).for_each(|room| room.unread = 0);
            });
        }
    }
}

fn note(room: &mut RoomSummary, message: &Message, me: Option<PersonId>) {
    let newer = room.last.as_ref().is_none_or(|last| message.seq > last.seq);
    let same = room.last.as_ref().is_some_and(|last| message.seq == last.seq);
    if newer && Some(message.author) != me {
        room.unread = (room.unread + 1).min(UNREAD_MOST);
    }
    if newer || same {
        room.last = Some(LastLine { seq: message.seq, text: message.text.clone() });
        room.active_at = message.at;
    }
}
