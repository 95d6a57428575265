//! The list of rooms on the screen.

use super::browser;
use crate::server_fns::list_rooms;
use domain::{
    clock::{Clock, Millis},
    ids::{RoomId, UserId},
    room_list::RoomList,
    rooms::RoomSummary,
    wire::ChangeSet,
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

#[derive(Debug, Clone, Copy)]
pub struct Rooms {
    list: RwSignal<RoomList>,
    pub now: RwSignal<Millis>,
}

impl Rooms {
    pub fn new(me: Option<UserId>, rooms: Vec<RoomSummary>, now: Millis) -> Self {
        Self { list: RwSignal::new(RoomList::new(me, rooms)), now: RwSignal::new(now) }
    }

    /// Reads the list, and again whenever it changes.
    pub fn read<T: Default>(self, read: impl FnOnce(&[RoomSummary]) -> T) -> T {
        let (mut read, mut answer) = (Some(read), T::default());
        self.page_context(&mut |list| {
            if let Some(read) = read.take() {
                answer = read(list.rooms());
            }
        });
        answer
    }

    /// All readers come this way: each further closure would be compiled into the WASM with all of the signal.
    fn page_context(self, read: &mut dyn FnMut(&RoomList)) {
        self.list.with(read);
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
        let mut ask = false;
        self.update(&mut |list| ask = list.request());
        if !ask {
            return;
        }
        leptos::task::spawn_local(async move {
            while ask {
                let mut rooms = list_rooms().await.ok();
                ask = false;
                self.update(&mut |list| ask = list.answered(rooms.take()));
                self.now.try_set(browser::now());
            }
        });
    }

    /// The reader looks at the newest line of this room, or no longer does.
    pub fn show(self, room: Option<RoomId>) {
        self.update(&mut |list| list.show(room));
    }

    pub fn apply(self, changes: &ChangeSet, now: Millis) {
        let mut is_known = true;
        self.update(&mut |list| is_known = list.apply(changes));
        if !is_known {
            self.refresh();
        }
        self.now.try_set(now);
    }

    /// All changes come this way, as all readers do.
    fn update(self, change: &mut dyn FnMut(&mut RoomList)) {
        self.list.try_update(change);
    }
}
