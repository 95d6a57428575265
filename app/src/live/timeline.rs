//! The room on the screen: its timeline, and what has to be asked or told about it.

use super::{
    MessageList, browser,
    history::{HistoryEnd, HistoryLoad, read_history},
    outbox,
};
use crate::{i18n::words, page_context::page_context};
use domain::{
    history::{HistoryPage, PageAnchor},
    ids::{Epoch, RoomId, UserId},
    messages::Seq,
    outbox::OutboxEntry,
    protocol::client::Client,
    timeline::Timeline,
    wire::{ClientFrame, Cursor},
};
use leptos::prelude::*;
use std::sync::Arc;

#[derive(Debug, Clone, Copy)]
pub struct ActiveRoom {
    /// Keeps a copy of the room on the screen alone, from the first room that is shown.
    client: RwSignal<Option<Client>>,
    shown: StoredValue<Shown>,
    /// Told to its readers when other rooms are waited for.
    waiting: RwSignal<Waiting>,
    pub older: HistoryLoad,
    pub newer: HistoryLoad,
}

/// What waits to be sent.
#[derive(Debug, Clone)]
struct Waiting {
    /// As this tab has stored it on the device.
    stored: Vec<OutboxEntry>,
    /// What is said of what has waited for too long.
    late: &'static str,
}

/// What belongs to the room on the screen alone.
#[derive(Debug, Clone)]
struct Shown {
    rows: Arc<MessageList>,
    /// How far this tab has told the server that it has read.
    told_read: Seq,
}

impl ActiveRoom {
    pub fn new(late: &'static str) -> Self {
        Self {
            client: RwSignal::new(None),
            shown: StoredValue::new(Shown {
                rows: Arc::new(MessageList::empty()),
                told_read: Seq(0),
            }),
            waiting: RwSignal::new(Waiting { stored: Vec::new(), late }),
            older: HistoryLoad::new(),
            newer: HistoryLoad::new(),
        }
    }

    /// Shows a room from the page that was read of it. What was submitted to it stays.
    pub fn show(self, me: UserId, page: HistoryPage) {
        self.older.set(false, false);
        self.newer.set(false, false);
        let mut page = Some(page);
        self.update(&mut |client| {
            let Some(page) = page.take() else { return false };
            let client = client.get_or_insert_with(|| Client::new(me));
            client.keep_only(page.details.id);
            client.open(page);
            let rows = self.rows().next(client, &page_context().clock, words().left_member);
            self.shown.set_value(Shown { rows: Arc::new(rows), told_read: Seq(0) });
            true
        });
    }

    /// The rows of the room on the screen.
    #[must_use]
    pub fn rows(self) -> Arc<MessageList> {
        self.shown.with_value(|shown| shown.rows.clone())
    }

    /// Reads the room on the screen, and again whenever it changes.
    pub fn read<T: Default>(self, read: impl FnOnce(&Timeline) -> T) -> T {
        self.client.track();
        self.peek(read)
    }

    /// Reads the room on the screen as it is now.
    pub fn peek<T: Default>(self, read: impl FnOnce(&Timeline) -> T) -> T {
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
        self.client.try_with_untracked(|client| client.as_ref()?.rooms().first().map(read));
    }

    #[must_use]
    pub fn room(self) -> Option<RoomId> {
        self.peek(|open| Some(open.details().id))
    }

    /// Changes what the tab knows, and draws what is otherwise now.
    pub(super) fn change<T: Default>(self, change: impl FnOnce(&mut Client) -> T) -> T {
        let (mut change, mut answer) = (Some(change), T::default());
        let rows = self.rows();
        self.update(&mut |client| {
            let (Some(client), Some(change)) = (client, change.take()) else { return false };
            answer = change(client);
            rows.reconcile(client)
        });
        answer
    }

    /// There is something to submit to and from, also where no room is shown.
    pub(super) fn begin(self, me: UserId) {
        self.update(&mut |client| {
            client.get_or_insert_with(|| Client::new(me));
            false
        });
    }

    /// All changes come this way, as all readers do, who are told if the room may be otherwise. A message is stored on
    /// the device before its frame is sent.
    fn update(self, change: &mut dyn FnMut(&mut Option<Client>) -> bool) {
        self.client.try_maybe_update(|client| {
            let is_changed = change(client);
            if let Some(client) = client {
                self.store_outbox(client);
            }
            (is_changed, ())
        });
    }

    fn store_outbox(self, client: &mut Client) {
        let user = client.outbox().user();
        let Some(now) = client.take_changed_outbox() else { return };
        let rooms = |entries: &[OutboxEntry]| entries.iter().map(|it| it.room).collect::<Vec<_>>();
        self.waiting.try_maybe_update(|Waiting { stored, .. }| {
            outbox::store(user, stored, now);
            let is_elsewhere = rooms(stored) != rooms(now);
            *stored = now.to_vec();
            (is_elsewhere, ())
        });
    }

    /// Whether something that was submitted to the room is not acknowledged, and again whenever that changes.
    #[must_use]
    pub fn is_unsent(self, room: RoomId) -> bool {
        self.waiting.with(|waiting| waiting.stored.iter().any(|entry| entry.room == room))
    }

    pub(super) fn late(self) -> &'static str {
        self.waiting.try_with_untracked(|waiting| waiting.late).unwrap_or_default()
    }

    /// Where this tab stands, for `hello`.
    pub fn cursors(self) -> (Option<Epoch>, Vec<Cursor>) {
        self.peek(|open| {
            let cursor = Cursor { room: open.details().id, after: open.cursor() };
            (Some(open.epoch()), vec![cursor])
        })
    }

    fn told_read(self) -> Seq {
        self.shown.try_with_value(|shown| shown.told_read).unwrap_or_default()
    }

    /// How far this tab has read, for a new connection.
    pub fn read_again(self) -> Option<ClientFrame> {
        Some(ClientFrame::Read { room: self.room()?, seq: self.told_read() })
    }

    /// The copy is worth nothing: reads the room afresh, and asks for what was told while the page was on its way. If
    /// it is no longer there for the reader, the server draws what is instead. `then` is told what to ask.
    pub(super) fn start_over(self, room: RoomId, then: impl FnOnce(ClientFrame) + 'static) {
        leptos::task::spawn_local(async move {
            match read_history(room.to_string(), PageAnchor::Newest).await {
                // By now the reader may have gone on to another room.
                Ok(page) if self.room() == Some(room) => {
                    if let Some(question) = self.reopen(page) {
                        then(question);
                    }
                }
                Err(error) if error.is_not_found() && self.room() == Some(room) => {
                    browser::reload();
                }
                Ok(_) | Err(_) => {}
            }
        });
    }

    /// Shows another page of the history of the room that is on the screen. Answers what has to be asked.
    pub fn reopen(self, page: HistoryPage) -> Option<ClientFrame> {
        let room = page.details.id;
        self.older.set(false, false);
        self.newer.set(false, false);
        self.change(|client| {
            client.open(page);
            client.catch_up(room)
        })
    }

    /// Loads more at an end of what is loaded, if there is more. `then` is told what to ask, if anything.
    pub fn load(self, end: HistoryEnd, then: impl FnOnce(ClientFrame) + 'static) {
        let load = self.load_at(end);
        let Some((room, place)) = self.peek(|open| Some((open.details().id, end.place(open)?)))
        else {
            return;
        };
        if load.in_flight.get_untracked() {
            return;
        }
        load.set(true, false);
        leptos::task::spawn_local(async move {
            let page = read_history(room.to_string(), end.anchor(place)).await;
            // By now the reader may have left the room, and come back.
            let still =
                |open: &Timeline| (open.details().id, end.place(open)) == (room, Some(place));
            if !self.peek(still) {
                return;
            }
            load.set(false, page.is_err());
            let Ok(page) = page else { return };
            let question = self.change(|client| match end {
                HistoryEnd::Older => client.older(place, page),
                HistoryEnd::Newer => {
                    browser::leave_end();
                    client.newer(place, page)
                }
            });
            if let Some(question) = question {
                then(question);
            }
        });
    }

    #[must_use]
    pub const fn load_at(self, end: HistoryEnd) -> HistoryLoad {
        match end {
            HistoryEnd::Older => self.older,
            HistoryEnd::Newer => self.newer,
        }
    }

    /// The newest message, if the server has not been told yet that it was read. Reading the past tells nothing.
    pub fn newly_read(self) -> Option<ClientFrame> {
        let newest = |open: &Timeline| open.newest().filter(|_| !open.has_newer());
        let (room, seq) = self.peek(|open| Some((open.details().id, newest(open)?)))?;
        if seq <= self.told_read() {
            return None;
        }
        self.shown.try_update_value(|shown| shown.told_read = seq);
        Some(ClientFrame::Read { room, seq })
    }
}
