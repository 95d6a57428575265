//! A browser without a screen: it shows one room and knows only what it was told of it.

use crate::helpers::{Person, change, frame};
use chat::{Resumed, Subscription, Told};
use domain::{
    ids::RoomId,
    messages::{Message, Seq},
    rooms::Member,
    timeline::{Step, Timeline},
    wire::{Batch, Cursor},
};

pub struct Browser {
    pub timeline: Timeline,
    pub line: Option<Subscription>,
    person: Person,
    room: RoomId,
}

impl Browser {
    /// Subscribes first and reads second.
    pub async fn opens(person: &Person, room: RoomId) -> Self {
        let line = Some(person.connects().await);
        let timeline = Timeline::new(person.actor.person(), person.reads(room).await);
        Self { timeline, line, person: person.clone(), room }
    }

    /// What has been told and not yet been taken in, up to the sign that something was missed.
    pub fn waiting(&mut self) -> Vec<Batch> {
        let told = self
            .line
            .iter_mut()
            .flat_map(|line| std::iter::from_fn(|| line.line.already_told()).collect::<Vec<_>>());
        let frames = told.filter(|told| matches!(told, Told::Frame(_)));
        frames.map(|told| change(&frame(told))).collect()
    }

    /// As the server does for a connection that fell behind.
    pub async fn reads_what_it_missed(&mut self) {
        loop {
            let missed = self.line.as_ref().unwrap().ticket.missed();
            if missed.is_empty() {
                return;
            }
            for (room, mut after) in missed {
                loop {
                    let (chat, actor) = (&self.person.chat, &self.person.actor);
                    let changed = chat.changes(actor, room, after).await.unwrap();
                    after = changed.batch.through;
                    self.takes_in(changed.batch).await;
                    if after >= changed.head {
                        break;
                    }
                }
            }
        }
    }

    pub async fn takes_in(&mut self, batch: Batch) {
        if batch.room == self.room {
            let step = self.timeline.apply(batch);
            self.asks_until_it_knows(step).await;
        }
    }

    pub async fn catches_up(&mut self) {
        for batch in self.waiting() {
            self.takes_in(batch).await;
        }
    }

    pub fn hangs_up(&mut self) {
        self.line = None;
    }

    /// Connects again, as a client does: says where it stands, then hears on.
    pub async fn comes_back(&mut self) {
        self.hangs_up();
        self.line = Some(self.person.connects().await);
        let step = self.timeline.reconnected();
        self.asks_until_it_knows(step).await;
        let cursor = Cursor { room: self.room, after: self.timeline.cursor() };
        let (chat, actor) = (&self.person.chat, &self.person.actor);
        match chat.resume(actor, Some(self.timeline.epoch()), cursor).await.unwrap() {
            Resumed::Changed(changed) => {
                let step = self.timeline.answer(changed.batch, changed.head);
                self.asks_until_it_knows(step).await;
            }
            Resumed::Reset => self.timeline.reset(self.person.reads(self.room).await),
        }
    }

    pub async fn scrolls_up(&mut self) {
        let (chat, actor) = (&self.person.chat, &self.person.actor);
        let page = chat.page(actor, self.room, self.timeline.oldest()).await.unwrap();
        let step = self.timeline.older(page);
        self.asks_until_it_knows(step).await;
    }

    async fn asks_until_it_knows(&mut self, mut step: Step) {
        let mut asked = 0;
        while let Step::Ask { after } = step {
            let (chat, actor) = (&self.person.chat, &self.person.actor);
            let changed = chat.changes(actor, self.room, after).await.unwrap();
            step = self.timeline.answer(changed.batch, changed.head);
            asked += 1;
            assert!(asked < 10_000, "asks for ever");
        }
    }
}

/// What the browser was told, bit by bit, is what somebody reads who opens the room now.
pub async fn assert_in_step(browser: &mut Browser) {
    browser.catches_up().await;
    let oldest = browser.timeline.oldest().unwrap_or_default();
    let (messages, members) = reads_afresh(&browser.person, browser.room, oldest).await;
    let page = browser.person.reads(browser.room).await;
    let timeline = &browser.timeline;
    assert!(timeline.messages().eq(messages.iter()), "{timeline:#?}\nis not {messages:#?}");
    assert_eq!(timeline.members().collect::<Vec<_>>(), members.iter().collect::<Vec<_>>());
    assert_eq!((timeline.cursor(), timeline.epoch()), (page.through, page.epoch));
    assert_eq!(timeline.about(), &page.about);
}

async fn reads_afresh(person: &Person, room: RoomId, oldest: Seq) -> (Vec<Message>, Vec<Member>) {
    let mut page = person.reads(room).await;
    let mut messages = page.messages;
    let mut members = page.members;
    members.sort_by_key(|member| member.person);
    while page.has_older && messages.first().is_some_and(|first| first.seq > oldest) {
        let before = messages.first().map(|first| first.seq);
        page = person.chat.page(&person.actor, room, before).await.unwrap();
        messages.splice(0..0, std::mem::take(&mut page.messages));
    }
    messages.retain(|message| message.seq >= oldest);
    (messages, members)
}
