//! A browser without a screen: it shows one room and knows only what it was told of it.

use crate::helpers::{User, change, frame};
use chat::{Changed, Outgoing, Resumed, Subscription};
use domain::{
    history::HistoryPage,
    history::PageAnchor,
    ids::RoomId,
    messages::{Rev, Seq},
    protocol::client::{Client, Effect},
    timeline::Timeline,
    wire::{ChangeSet, ClientFrame, Cursor, ServerFrame},
};

pub struct Browser {
    copies: Client,
    pub line: Option<Subscription>,
    user: User,
    room: RoomId,
}

impl Browser {
    /// Subscribes first and reads second.
    pub async fn opens(user: &User, room: RoomId) -> Self {
        let line = Some(user.connects().await);
        let mut copies = Client::new(user.actor.user());
        copies.open(user.reads(room).await);
        Self { copies, line, user: user.clone(), room }
    }

    pub fn timeline(&self) -> &Timeline {
        self.copies.room(self.room).unwrap()
    }

    /// What it would still know after a restart.
    pub fn known(self) -> Client {
        self.copies
    }

    /// Stands where another browser stood.
    pub fn knows(&mut self, known: Client) {
        self.copies = known;
    }

    /// What has been told and not yet been taken in, up to the sign that something was missed.
    pub fn waiting(&mut self) -> Vec<ChangeSet> {
        let told = self
            .line
            .iter_mut()
            .flat_map(|line| std::iter::from_fn(|| line.receiver.try_recv()).collect::<Vec<_>>());
        let frames = told.filter(|told| matches!(told, Outgoing::Frame(_)));
        frames.map(|told| change(&frame(told))).collect()
    }

    /// As the server does for a connection that fell behind.
    pub async fn reads_what_it_missed(&mut self) {
        loop {
            let missed = self.line.as_ref().unwrap().handle.take_lag();
            if missed.is_empty() {
                return;
            }
            for (room, mut after) in missed {
                loop {
                    let changed = self.asks(room, after).await;
                    after = changed.changes.through;
                    let is_all = after >= changed.head;
                    self.takes_in(changed.changes).await;
                    if is_all {
                        break;
                    }
                }
            }
        }
    }

    pub async fn takes_in(&mut self, changes: ChangeSet) {
        self.is_told(ServerFrame::Changes(changes)).await;
    }

    pub async fn catches_up(&mut self) {
        for changes in self.waiting() {
            self.takes_in(changes).await;
        }
    }

    pub fn hangs_up(&mut self) {
        self.line = None;
    }

    /// Connects again, as a client does: says where it stands, then hears on.
    pub async fn comes_back(&mut self) {
        self.hangs_up();
        let mut line = self.user.connects().await;
        let heads = std::mem::take(&mut line.heads);
        self.line = Some(line);
        for frame in self.copies.on_welcome() {
            self.says(frame).await;
        }
        let cursor = Cursor { room: self.room, after: self.timeline().cursor() };
        let (chat, actor) = (&self.user.chat, &self.user.actor);
        let resumed =
            chat.resume(actor, Some(self.timeline().epoch()), cursor, &heads).await.unwrap();
        self.is_told(match resumed {
            Resumed::Changed(changed) => answer(changed),
            Resumed::Reset => ServerFrame::Reset { room: self.room },
        })
        .await;
    }

    pub async fn scrolls_up(&mut self) {
        let (chat, actor) = (&self.user.chat, &self.user.actor);
        let Some(before) = self.timeline().oldest() else { return };
        let page = chat.page(actor, self.room, PageAnchor::Before(before)).await.unwrap();
        if let Some(frame) = self.copies.older(before, page) {
            self.says(frame).await;
        }
    }

    /// Does what a browser does with a frame, and with the answers to what it asks.
    async fn is_told(&mut self, frame: ServerFrame) {
        match self.copies.on_frame(frame) {
            Some(Effect::Send(frame)) => self.says(frame).await,
            Some(Effect::Reload(room)) => self.copies.open(self.user.reads(room).await),
            None => {}
        }
    }

    async fn says(&mut self, frame: ClientFrame) {
        let (mut next, mut asked) = (Some(frame), 0);
        while let Some(ClientFrame::Changes { room, after }) = next {
            let answer = answer(self.asks(room, after).await);
            next = match self.copies.on_frame(answer) {
                Some(Effect::Send(frame)) => Some(frame),
                other => {
                    assert_eq!(other, None, "an answer is no reason to read the room afresh");
                    None
                }
            };
            asked += 1;
            assert!(asked < 10_000, "asks for ever");
        }
        assert_eq!(next, None, "a reader asks and says nothing");
    }

    async fn asks(&self, room: RoomId, after: Rev) -> Changed {
        self.user.chat.changes(&self.user.actor, room, after).await.unwrap()
    }
}

fn answer(Changed { changes, head }: Changed) -> ServerFrame {
    ServerFrame::Answer { changes, head }
}

/// What the browser was told, bit by bit, is what somebody reads who opens the room now.
pub async fn assert_in_step(browser: &mut Browser) {
    browser.catches_up().await;
    let oldest = browser.timeline().oldest().unwrap_or_default();
    let fresh = reads_afresh(&browser.user, browser.room, oldest).await;
    let timeline = browser.timeline();
    let (messages, events) = (fresh.messages, fresh.events);
    assert!(timeline.messages().eq(messages.iter()), "{timeline:#?}\nis not {messages:#?}");
    assert_eq!(timeline.events(), events);
    assert_eq!(timeline.all_members().collect::<Vec<_>>(), Vec::from_iter(&fresh.members));
    assert_eq!((timeline.cursor(), timeline.epoch()), (fresh.through, fresh.epoch));
    assert_eq!(timeline.details(), &fresh.details);
}

/// The newest page, and all that is before it down to this place.
async fn reads_afresh(user: &User, room: RoomId, oldest: Seq) -> HistoryPage {
    let mut fresh = user.reads(room).await;
    fresh.members.sort_by_key(|member| member.user);
    loop {
        let event = fresh.events.first().map(|event| event.seq);
        let message = fresh.messages.first().map(|message| message.seq);
        let first = message.into_iter().chain(event).min();
        let Some(first) = first.filter(|first| fresh.has_older && *first > oldest) else { break };
        let older = user.chat.page(&user.actor, room, PageAnchor::Before(first)).await.unwrap();
        fresh.messages.splice(0..0, older.messages);
        fresh.events.splice(0..0, older.events);
        fresh.has_older = older.has_older;
    }
    fresh.messages.retain(|message| message.seq >= oldest);
    fresh.events.retain(|event| event.seq >= oldest);
    fresh
}
