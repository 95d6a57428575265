//! The room on the screen: its timeline, and what has to be asked or told about it.

use super::{MessageList, browser};
use crate::{forms::ServerError, i18n::words, page_context::page_context, server_fns::read_page};
use domain::{
    ids::{Epoch, RoomId, UserId},
    messages::Seq,
    protocol::client::Client,
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
    /// Keeps a copy of the room on the screen alone, from the first room that is shown.
    client: RwSignal<Option<Client>>,
    rows: StoredValue<Arc<MessageList>>,
    pub older: HistoryLoad,
    /// How far this tab has told the server that it has read.
    told_read: StoredValue<Seq>,
    pub(super) no_answer: StoredValue<&'static str>,
}

impl ActiveRoom {
    pub fn new() -> Self {
        Self {
            client: RwSignal::new(None),
            rows: StoredValue::new(Arc::new(MessageList::empty())),
            older: HistoryLoad::new(),
            told_read: StoredValue::new(Seq(0)),
            no_answer: StoredValue::new(""),
        }
    }

    /// Shows a room from the page that was read of it. What was submitted to it stays.
    pub fn show(self, me: UserId, page: HistoryPage) {
        self.older.set(false, false);
        self.told_read.set_value(Seq(0));
        self.no_answer.set_value(words().no_answer);
        let mut page = Some(page);
        self.update(&mut |client| {
            let Some(page) = page.take() else { return false };
            let client = client.get_or_insert_with(|| Client::new(me));
            client.keep_only(page.details.id);
            client.open(page);
            let rows = self.rows().next(client, &page_context().clock, words().left_member);
            self.rows.set_value(Arc::new(rows));
            true
        });
    }

    /// The rows of the room on the screen.
    #[must_use]
    pub fn rows(self) -> Arc<MessageList> {
        self.rows.get_value()
    }

    /// Reads the room on the screen, and again whenever it changes.
    pub fn read<T: Default>(self, read: impl FnOnce(&Timeline) -> T) -> T {
        self.client.track();
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

    /// All changes come this way, as all readers do, who are told if the room may be otherwise.
    fn update(self, change: &mut dyn FnMut(&mut Option<Client>) -> bool) {
        self.client.try_maybe_update(|client| (change(client), ()));
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
                // By now the reader may have gone on to another room.
                Ok(page) if self.room() == Some(room) => {
                    let question = self.change(|client| {
                        client.open(page);
                        client.catch_up(room)
                    });
                    if let Some(question) = question {
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
            let question = self.change(|client| client.older(oldest, page));
            if let Some(question) = question {
                then(question);
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
