//! What the tab knows and keeps in step with the instance: the list of rooms, the timeline of the room
//! it shows, and the one socket that feeds both. Owned at the root of the page, so that nothing of
//! it goes away while a task still holds it.

mod backoff;
mod browser;
mod drafts;
mod history;
mod message_list;
mod outbox;
mod rooms;
mod sending;
mod socket;
mod timeline;

use browser::visible;
pub use browser::{is_touch, keep_focus, reload, scroll_to, show_broken};
pub use history::{HistoryEnd, read_history};
pub use message_list::{LivePage, MessageList};
pub use rooms::Rooms;
use socket::SocketCommand;
pub use timeline::ActiveRoom;

use crate::page_context::{PageContext, page_context};
use domain::{
    history::HistoryPage,
    ids::{ClientId, RoomId, UserId},
    messages::MessageText,
    outbox::OutboxEntry,
    protocol::client::Effect,
    users::CurrentUser,
    wire::{ClientFrame, NackCode, ServerFrame},
};
use futures::channel::mpsc;
use leptos::prelude::*;

/// How the tab stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// Not tried yet, or on its way for the first time: nothing to worry a reader with.
    Opening,
    Open,
    /// Lost; the tab is trying again by itself.
    Reconnecting,
    /// The device has no network.
    Offline,
}

impl ConnectionState {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Open => "open",
            Self::Reconnecting => "reconnecting",
            Self::Offline => "offline",
        }
    }
}

/// The tab's live state. A handle: copying it shares it.
#[derive(Debug, Clone, Copy)]
pub struct ClientState {
    pub me: Option<UserId>,
    /// The same person, as they are called now.
    pub viewer: RwSignal<Option<CurrentUser>>,
    pub link: RwSignal<ConnectionState>,
    pub rooms: Rooms,
    pub open: ActiveRoom,
    /// Whether the page is in view.
    pub looking: RwSignal<bool>,
    /// What was typed in this tab and not submitted, by room.
    drafts: StoredValue<Vec<(RoomId, String)>>,
    outgoing: StoredValue<Option<mpsc::UnboundedSender<SocketCommand>>>,
}

impl ClientState {
    #[must_use]
    pub fn new(context: &PageContext) -> Self {
        let me = context.viewer.as_ref().map(|viewer| viewer.id);
        Self {
            me,
            viewer: RwSignal::new(context.viewer.clone()),
            link: RwSignal::new(ConnectionState::Opening),
            rooms: Rooms::new(me, context.rooms.clone(), context.now),
            open: ActiveRoom::new(context.words().waited_long),
            // A tab may be opened behind another one: the browser says so in `connect`.
            looking: RwSignal::new(false),
            drafts: StoredValue::new(Vec::new()),
            outgoing: StoredValue::new(None),
        }
    }

    /// Opens the tab's socket, once. Only ever runs in the browser.
    pub fn connect(self) {
        if self.me.is_none() || self.outgoing.with_value(Option::is_some) {
            return;
        }
        let (outgoing, commands) = mpsc::unbounded();
        self.outgoing.set_value(Some(outgoing.clone()));
        let look = move |looking| {
            self.looking.try_set(looking);
            self.rooms.now.try_set(browser::now());
        };
        look(visible());
        browser::on_visibility(look);
        browser::close_menus_on_escape();
        leptos::task::spawn_local(self.rooms.keep_time(page_context().clock.clone()));
        leptos::task::spawn_local(socket::run(self, outgoing, commands));
    }

    pub(crate) fn send_frame(self, frame: ClientFrame) {
        self.outgoing.try_with_value(|outgoing| {
            if let Some(outgoing) = outgoing {
                // The receiver lives as long as the page.
                let _ = outgoing.unbounded_send(SocketCommand::Say(frame));
            }
        });
    }

    /// Shows a room from the page that was read of it. The first one needs no question: the socket is opened after
    /// it, and its greeting says how far the page goes.
    pub fn show(self, me: UserId, page: HistoryPage) {
        let room = page.details.id;
        self.open.show(me, page);
        if self.outgoing.with_value(Option::is_some)
            && let Some(question) = self.open.change(|client| client.catch_up(room))
        {
            self.send_frame(question);
        }
    }

    /// Shows another page of the room on the screen, which stays where it is.
    pub fn reopen(self, page: HistoryPage) {
        if let Some(question) = self.open.reopen(page) {
            self.send_frame(question);
        }
    }

    /// Says something in the open room: shown at once, sent when the socket is there.
    pub fn submit(self, text: MessageText) {
        if let Some(frame) = self.open.send(text) {
            self.send_frame(frame);
        }
    }

    /// The room is not there for the user any more. Should they come back to it, the text is in its composer.
    fn make_draft(self, client_id: ClientId) {
        if let Some(OutboxEntry { room, message, .. }) = self.open.discard(client_id) {
            let text = [&self.draft(room), message.text.as_str()].join("\n");
            self.keep_draft(room, text.trim_start().to_owned());
        }
    }

    /// Merges what the server tells.
    fn on_frame(self, frame: ServerFrame) {
        if let ServerFrame::You { name, avatar } | ServerFrame::Welcome { name, avatar, .. } =
            &frame
        {
            let (name, avatar) = (name.clone(), *avatar);
            self.viewer.try_set(self.me.map(|id| CurrentUser { id, name, avatar }));
        }
        match &frame {
            ServerFrame::Changes(changes) => self.rooms.apply(changes, browser::now()),
            ServerFrame::Reset { .. } => self.rooms.refresh(),
            ServerFrame::Nack { client_id: Some(client_id), code: NackCode::NotFound, .. } => {
                return self.make_draft(*client_id);
            }
            _ => {}
        }
        match self.open.change(|client| client.on_frame(frame)) {
            Some(Effect::Send(frame)) => self.send_frame(frame),
            Some(Effect::Reload(room)) if self.open.room() == Some(room) => {
                self.open.start_over(room, move |frame| self.send_frame(frame));
            }
            Some(Effect::Reload(_)) | None => {}
        }
    }
}

/// The live state of the page.
#[must_use]
pub fn live() -> ClientState {
    use_context().unwrap_or_else(|| ClientState::new(&page_context()))
}
