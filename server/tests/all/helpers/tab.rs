//! A tab that shows one room. It knows only what it read once and what was delivered since.

use super::{Socket, User, fresh_id};
use domain::{
    clock::Millis,
    events::Event,
    ids::{ClientId, RoomId},
    messages::{Message, MessageText, NewMessage},
    protocol::client::{Client, Effect},
    timeline::Timeline,
    wire::{Cursor, ServerFrame},
};
use std::collections::BTreeSet;

pub struct Tab {
    pub client: Client,
    /// Everything that the server said on the present connection.
    pub heard: Vec<ServerFrame>,
    pub socket: Socket,
    pub user: User,
    pub room: RoomId,
}

impl Tab {
    /// Reads first and sends `hello` second, with the cursor of what it read.
    pub async fn opens(user: &User, room: RoomId) -> Self {
        let page = user.reads(room).await;
        let mut socket = user.connects().await;
        let cursor = Cursor { room, after: page.through };
        let me = socket.greets(Some(page.epoch), vec![cursor]).await;
        let mut client = Client::new(me);
        client.open(page);
        Self { client, heard: Vec::new(), socket, user: user.clone(), room }
    }

    pub fn timeline(&self) -> &Timeline {
        self.client.room(self.room).unwrap()
    }

    /// Whether everything that was said is stored.
    pub fn waits_for_nothing(&self) -> bool {
        self.client.outbox().entries().is_empty()
    }

    /// Posts a message; returns once it is acknowledged.
    pub async fn says(&mut self, text: &str) -> Message {
        let id = fresh_id();
        self.tries_to_say(id, text).await;
        self.is_told_that_it_is_stored(id).await
    }

    /// Posts a message without waiting for the acknowledgement.
    pub async fn tries_to_say(&mut self, id: ClientId, text: &str) {
        let message = NewMessage { client_id: id, text: MessageText::parse(text).unwrap() };
        let frame = self.client.submit(self.room, message, Millis(0)).unwrap();
        self.socket.tells(&frame).await;
    }

    /// Posts the same text so many times, faster than the disk takes each; returns once all are acknowledged.
    pub async fn says_often(&mut self, text: &str, times: usize) {
        let mut left = times;
        while left > 0 {
            let at_once = left.min(50);
            for _ in 0..at_once {
                self.tries_to_say(fresh_id(), text).await;
            }
            while !self.waits_for_nothing() {
                self.takes_in_one().await;
            }
            left -= at_once;
        }
    }

    pub async fn is_told_that_it_is_stored(&mut self, what: ClientId) -> Message {
        loop {
            if let ServerFrame::Ack { message, .. } = self.takes_in_one().await
                && message.client_id == what
            {
                return message;
            }
        }
    }

    /// Waits until a message is shown.
    pub async fn sees(&mut self, text: &str) {
        while !self.timeline().messages().any(|message| message.text.as_str() == text) {
            self.takes_in_one().await;
        }
    }

    /// Receives one frame and handles it as a browser does.
    pub async fn takes_in_one(&mut self) -> ServerFrame {
        let frame = self.socket.hears().await;
        self.heard.push(frame.clone());
        match self.client.on_frame(frame.clone()) {
            Some(Effect::Send(frame)) => self.socket.tells(&frame).await,
            Some(Effect::Reload(room)) if room == self.room => {
                self.client.open(self.user.reads(room).await);
            }
            Some(Effect::Reload(_)) | None => {}
        }
        frame
    }

    /// Reconnects and resumes.
    pub async fn comes_back(&mut self) {
        self.socket = self.user.connects().await;
        self.heard.clear();
        let cursor = Cursor { room: self.room, after: self.timeline().cursor() };
        self.socket.greets(Some(self.timeline().epoch()), vec![cursor]).await;
        for frame in self.client.on_welcome() {
            self.socket.tells(&frame).await;
        }
    }

    /// Waits until the server has delivered a message, including the tab's own.
    pub async fn hears_its_change(&mut self, text: &str) {
        let is_told = |frame: &ServerFrame| match frame {
            ServerFrame::Changes(changes) => {
                changes.messages.iter().any(|m| m.text.as_str() == text)
            }
            _ => false,
        };
        while !self.heard.iter().any(is_told) {
            self.takes_in_one().await;
        }
    }

    /// The rooms of which the server sent anything at all.
    pub fn rooms_heard_of(&self) -> BTreeSet<RoomId> {
        let rooms = self.heard.iter().filter_map(|frame| match frame {
            ServerFrame::Changes(changes) | ServerFrame::Answer { changes, .. } => {
                Some(changes.room)
            }
            ServerFrame::Ack { room, .. } | ServerFrame::Reset { room } => Some(*room),
            _ => None,
        });
        rooms.collect()
    }

    /// How many answers to requests for changes the server sent.
    pub fn answers(&self) -> usize {
        self.heard.iter().filter(|frame| matches!(frame, ServerFrame::Answer { .. })).count()
    }

    pub fn texts(&self) -> Vec<&str> {
        self.timeline().messages().map(|message| message.text.as_str()).collect()
    }
}

/// Asserts that the tab shows what a user reads who opens the room now.
pub async fn assert_in_step(tab: &mut Tab) {
    let page = tab.user.reads(tab.room).await;
    while tab.timeline().cursor() < page.through || !tab.waits_for_nothing() {
        tab.takes_in_one().await;
    }
    let (messages, events) = reads_afresh(tab).await;
    let timeline = tab.timeline();
    assert!(timeline.messages().eq(messages.iter()), "{timeline:#?}\nis not {messages:#?}");
    assert_eq!(timeline.events(), events);
    let mut members = page.members;
    members.sort_by_key(|member| member.user);
    assert!(timeline.all_members().eq(members.iter()), "{timeline:#?}\nis not {members:#?}");
    assert_eq!((timeline.cursor(), timeline.epoch()), (page.through, page.epoch));
    assert_eq!(timeline.details(), &page.details);
}

/// As far back as the tab goes.
async fn reads_afresh(tab: &Tab) -> (Vec<Message>, Vec<Event>) {
    let oldest = tab.timeline().oldest().unwrap_or_default();
    let mut page = tab.user.reads(tab.room).await;
    let (mut messages, mut events) = (page.messages, page.events);
    loop {
        let event = events.first().map(|event| event.seq);
        let message = messages.first().map(|message| message.seq);
        let first = message.into_iter().chain(event).min().unwrap_or_default();
        if !page.has_older || first <= oldest {
            break;
        }
        page = tab.user.reads_before(tab.room, first).await;
        messages.splice(0..0, std::mem::take(&mut page.messages));
        events.splice(0..0, std::mem::take(&mut page.events));
    }
    messages.retain(|message| message.seq >= oldest);
    events.retain(|event| event.seq >= oldest);
    (messages, events)
}
