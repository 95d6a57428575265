//! The room on the screen: its timeline, and what has to be asked or told about it.

use super::{MessageList, browser};
use crate::{forms::ServerError, i18n::words, page_context::page_context, server_fns::read_page};
use domain::{
    ids::{Epoch, RoomId, UserId},
    messages::Seq,
    protocol::client::{Client, question},
    timeline::Timeline,
    wire::{ClientFrame, Cursor, HistoryPage},
};
use leptos::prelude::*;
use std::sync::Arc;

/// How the older messages are coming. Two signals of a type that there is anyway: a type of its own would be
/// compiled into the WASM with all that a signal can do.
#[derive(Debug, Clone, Copy)]
pub struct HistoryLoad {
    pub in_flight: RwSignal<bool>,
    /// The latest one failed.
    pub failed: RwSignal<bool>,
}

impl HistoryLoad {
    fn new() -> Self {
        Self { in_flight: RwSignal::new(false), failed: RwSignal::new(false) }
    }

    /// Whether more may be loaded without being asked for.
    #[must_use]
    pub fn is_idle(self) -> bool {
        !self.in_flight.get_untracked() && !self.failed.get_untracked()
    }

    fn set(self, in_flight: bool, failed: bool) {
        self.in_flight.try_set(in_flight);
        self.failed.try_set(failed);
    }
}

#[derive(Debug, Clone, Copy)]
pub struct ActiveRoom {
    timeline: RwSignal<Option<Timeline>>,
    rows: StoredValue<Arc<MessageList>>,
    /// Rooms that the reader has left while something in them was not sent yet.
    background: StoredValue<Vec<Timeline>>,
    pub older: HistoryLoad,
    /// How far this tab has told the server that it has read.
    told_read: StoredValue<Seq>,
    pub(super) no_answer: StoredValue<&'static str>,
}

impl ActiveRoom {
    pub fn new() -> Self {
        Self {
            timeline: RwSignal::new(None),
            rows: StoredValue::new(Arc::new(MessageList::empty())),
            background: StoredValue::new(Vec::new()),
            older: HistoryLoad::new(),
            told_read: StoredValue::new(Seq(0)),
            no_answer: StoredValue::new(""),
        }
    }

    /// Shows a room from the page that was read of it. What is pending in it stays.
    pub fn show(self, me: UserId, page: HistoryPage) {
        self.older.set(false, false);
        self.told_read.set_value(Seq(0));
        self.no_answer.set_value(words().no_answer);
        let room = page.details.id;
        if self.room() != Some(room) {
            self.park();
            let mut background = self.unpark(room);
            self.update(&mut |timeline| *timeline = background.take());
        }
        let (mut page, clock) = (Some(page), &page_context().clock);
        self.update(&mut |timeline| {
            let Some(page) = page.take() else { return };
            let open = match timeline {
                Some(open) => {
                    open.reset(page);
                    open
                }
                None => timeline.insert(Timeline::new(me, page)),
            };
            let rows = self.rows().next(open, clock, words().left_member);
            self.rows.set_value(Arc::new(rows));
        });
    }

    fn park(self) {
        let mut leaving = None;
        self.update(&mut |timeline| leaving = timeline.take());
        if let Some(leaving) = leaving.filter(|open| !open.pending().is_empty()) {
            self.background.update_value(|background| background.push(leaving));
        }
    }

    fn unpark(self, room: RoomId) -> Option<Timeline> {
        let unpark = |background: &mut Vec<Timeline>| {
            let at = background.iter().position(|background| background.details().id == room)?;
            Some(background.swap_remove(at))
        };
        self.background.try_update_value(unpark).flatten()
    }

    /// The rows of the room on the screen.
    #[must_use]
    pub fn rows(self) -> Arc<MessageList> {
        self.rows.get_value()
    }

    /// Reads the room on the screen, and again whenever it changes.
    pub fn read<T: Default>(self, read: impl FnOnce(&Timeline) -> T) -> T {
        self.timeline.track();
        self.peek(read)
    }

    /// Reads the room on the screen as it is now.
    pub(super) fn peek<T: Default>(self, read: impl FnOnce(&Timeline) -> T) -> T {
        let (mut read, mut answer) = (Some(read), T::default());
        self.page_context(&mut |open| {
            if let Some(read) = read.take() {
                answer = read(open);
            }
        });
        answer
    }

    /// All readers come this way: each further closure would be compiled into the WASM with all of the signal.
    fn page_context(self, read: &mut dyn FnMut(&Timeline)) {
        self.timeline.try_with_untracked(|open| open.as_ref().map(read));
    }

    #[must_use]
    pub fn room(self) -> Option<RoomId> {
        self.peek(|open| Some(open.details().id))
    }

    /// Changes a room that is on the screen or parked.
    pub(super) fn change<T>(
        self,
        room: RoomId,
        change: impl FnOnce(&mut Timeline) -> T,
    ) -> Option<T> {
        let (mut change, mut answer, mut open) = (Some(change), None, self);
        open.with_room(room, &mut |open| answer = change.take().map(|change| change(open)));
        answer
    }

    /// All changes come this way, as all readers do.
    fn update(self, change: &mut dyn FnMut(&mut Option<Timeline>)) {
        self.timeline.try_update(change);
    }

    /// Where this tab stands, for `hello`.
    pub fn cursors(self) -> (Option<Epoch>, Vec<Cursor>) {
        self.peek(|open| {
            let cursor = Cursor { room: open.details().id, after: open.cursor() };
            (Some(open.epoch()), vec![cursor])
        })
    }

    /// How far this tab has read, for a new connection.
    pub fn read_again(self) -> Option<ClientFrame> {
        Some(ClientFrame::Read { room: self.room()?, seq: self.told_read.get_value() })
    }

    /// The copy is worth nothing: reads the room afresh, and asks for what was told while the page was on its way. If
    /// it is no longer there for the reader, the server draws what is instead. `then` is told what to ask.
    pub(super) fn start_over(self, room: RoomId, then: impl FnOnce(ClientFrame) + 'static) {
        leptos::task::spawn_local(async move {
            match read_page(room.to_string(), None).await.map_err(ServerError::shown) {
                Ok(page) => {
                    let next = self.change(room, |open| {
                        open.reset(page);
                        open.catch_up()
                    });
                    if let Some(frame) = next.and_then(|next| question(room, next)) {
                        then(frame);
                    }
                }
                Err(error) if error.is_not_found() && self.room() == Some(room) => {
                    browser::reload();
                }
                Err(_) => {}
            }
        });
    }

    /// Loads the lines before the oldest one. `then` is told what to ask, if anything.
    pub fn load_older(self, then: impl FnOnce(ClientFrame) + 'static) {
        let oldest = self.peek(|open| {
            let oldest = open.oldest().filter(|_| open.has_older())?;
            Some((open.details().id, oldest))
        });
        let Some((room, oldest)) = oldest else { return };
        if self.older.in_flight.get_untracked() {
            return;
        }
        self.older.set(true, false);
        leptos::task::spawn_local(async move {
            let page = read_page(room.to_string(), Some(oldest.0)).await;
            // By now the reader may have left the room, and come back.
            let still =
                |open: &Timeline| (open.details().id, open.oldest()) == (room, Some(oldest));
            if !self.peek(still) {
                return;
            }
            self.older.set(false, page.is_err());
            let Ok(page) = page else { return };
            let next = self.change(room, |open| open.older(oldest, page));
            if let Some(frame) = next.and_then(|next| question(room, next)) {
                then(frame);
            }
        });
    }

    /// The newest line, if the server has not been told yet that it was read.
    pub fn newly_read(self) -> Option<ClientFrame> {
        let (room, seq) = self.peek(|open| Some((open.details().id, open.newest()?)))?;
        if seq <= self.told_read.get_value() {
            return None;
        }
        self.told_read.set_value(seq);
        Some(ClientFrame::Read { room, seq })
    }
}

/// The room on the screen and the parked ones.
impl Client for ActiveRoom {
    fn rooms(&self) -> Vec<RoomId> {
        let mut rooms = self.background.with_value(|background| {
            background.iter().map(|background| background.details().id).collect::<Vec<_>>()
        });
        rooms.extend(self.room());
        rooms
    }

    fn with_room(&mut self, room: RoomId, change: &mut dyn FnMut(&mut Timeline)) {
        if self.room() == Some(room) {
            let rows = self.rows();
            return self.update(&mut |open| {
                if let Some(open) = open {
                    change(open);
                    rows.reconcile(open);
                }
            });
        }
        self.background.try_update_value(|background| {
            background.iter_mut().find(|background| background.details().id == room).map(change)
        });
    }
}
