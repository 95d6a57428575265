//! How a timeline is divided for drawing, and which parts of it have changed since it was last drawn.
//!
//! Each page is drawn as a list of its own: a page of older messages leaves the lists below it alone, and
//! a message that arrives costs what its own page costs, however many are loaded.

use super::Timeline;
use crate::{ids::UserId, messages::Seq};

/// A new page begins when the newest holds this many messages and events.
pub const PAGE_ITEMS: usize = 100;
/// The same while something is pending: it stays in the page in which it was written, so that its row stays
/// the same when it is confirmed. A message that failed may wait there for ever.
pub const PAGE_ITEMS_WHILE_PENDING: usize = 4 * PAGE_ITEMS;

/// Identifies a page for as long as its timeline is not reset. Newer pages have higher ids, without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageId(pub i32);

/// The pages of a timeline, and which of them have changed. There is always one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pages {
    oldest: PageId,
    /// The first place of every page but the oldest, in ascending order.
    starts: Vec<Seq>,
    changed: Vec<PageId>,
}

impl Pages {
    pub(super) fn new() -> Self {
        let oldest = PageId(0);
        Self { oldest, starts: Vec::new(), changed: vec![oldest] }
    }

    fn newest(&self) -> PageId {
        self.id(self.starts.len())
    }

    fn id(&self, index: usize) -> PageId {
        PageId(self.oldest.0.saturating_add(i32::try_from(index).unwrap_or(i32::MAX)))
    }

    fn index(&self, id: PageId) -> Option<usize> {
        let index = usize::try_from(id.0.checked_sub(self.oldest.0)?).ok()?;
        (index <= self.starts.len()).then_some(index)
    }

    /// The page to which a place belongs.
    fn at(&self, seq: Seq) -> PageId {
        self.id(self.starts.partition_point(|start| *start <= seq))
    }

    fn mark(&mut self, page: PageId) {
        // The newest page is marked most often, and last.
        if !self.changed.iter().rev().any(|changed| *changed == page) {
            self.changed.push(page);
        }
    }
}

impl Timeline {
    /// All pages, the oldest first.
    pub fn pages(&self) -> impl Iterator<Item = PageId> + use<> {
        (self.pages.oldest.0..=self.pages.newest().0).map(PageId)
    }

    /// The pages that have changed since this was last asked, or since the timeline began. What is drawn of
    /// any other page is still right.
    pub fn take_changed_pages(&mut self) -> Vec<PageId> {
        std::mem::take(&mut self.pages.changed)
    }

    /// The places that belong to a page: from the first up to, and without, the second. None is without a bound.
    #[must_use]
    pub fn bounds(&self, page: PageId) -> Option<(Option<Seq>, Option<Seq>)> {
        let index = self.pages.index(page)?;
        let start = |index: usize| self.pages.starts.get(index).copied();
        Some((index.checked_sub(1).and_then(start), start(index)))
    }

    /// What stands at this place is new or has changed; its neighbours are drawn by what it is.
    pub(super) fn mark_changed(&mut self, seq: Seq) {
        let (before, after) = (self.place_before(seq), self.place_after(seq));
        for place in [before.unwrap_or(seq), seq, after.unwrap_or(seq)] {
            self.pages.mark(self.pages.at(place));
        }
    }

    /// What was submitted and is not acknowledged has changed; whether there still is any.
    pub(crate) fn outbox_changed(&mut self, is_waiting: bool) {
        self.is_waiting = is_waiting;
        self.mark_end_changed();
    }

    /// What is submitted next begins a page, if the newest is full.
    pub(crate) fn begin_page_for_submitted(&mut self) {
        if let Some(newest) = self.place_before(Seq(i64::MAX)).filter(|_| !self.has_more.newer) {
            self.begin_page_if_newest(Seq(newest.0.saturating_add(1)));
        }
    }

    /// What comes after all that is stored has changed; the last that is stored is drawn by what it is.
    pub(super) fn mark_end_changed(&mut self) {
        if let Some(newest) = self.place_before(Seq(i64::MAX)) {
            self.pages.mark(self.pages.at(newest));
        }
        self.pages.mark(self.pages.newest());
    }

    /// A member is called otherwise, and with them whatever they wrote or did.
    pub(super) fn mark_member_changed(&mut self, user: UserId) {
        let Self { messages, events, pages, me, .. } = self;
        for message in messages.iter().filter(|it| it.author == user) {
            pages.mark(pages.at(message.seq));
        }
        for event in events.iter().filter(|it| it.actor == user || it.target == user) {
            pages.mark(pages.at(event.seq));
        }
        if *me == user {
            pages.mark(pages.newest());
        }
    }

    /// Begins a page with this place if it is after all that are known, and the newest page is full.
    pub(super) fn begin_page_if_newest(&mut self, seq: Seq) {
        if self.place_after(seq).is_some() {
            return;
        }
        let start = self.pages.starts.last().copied();
        let from = |place: Seq| start.is_none_or(|start| place >= start);
        let messages = self.messages.len() - self.messages.partition_point(|it| !from(it.seq));
        let events = self.events.len() - self.events.partition_point(|it| !from(it.seq));
        let full = if self.is_waiting { PAGE_ITEMS_WHILE_PENDING } else { PAGE_ITEMS };
        if messages + events >= full {
            self.mark_end_changed();
            self.pages.starts.push(seq);
            self.pages.mark(self.pages.newest());
        }
    }

    /// Whatever is older than this place is a page before all others.
    pub(super) fn begin_older_page(&mut self, seq: Seq) {
        self.pages.starts.insert(0, seq);
        self.pages.oldest.0 -= 1;
        self.pages.mark(self.pages.oldest);
        self.mark_changed(seq);
    }

    /// The last place that is known before this one.
    pub(crate) fn place_before(&self, seq: Seq) -> Option<Seq> {
        let message = self.messages_within(None, Some(seq)).last().map(|it| it.seq);
        message.max(self.events_within(None, Some(seq)).last().map(|it| it.seq))
    }

    /// The first place that is known after this one.
    pub(crate) fn place_after(&self, seq: Seq) -> Option<Seq> {
        let next = Some(Seq(seq.0.saturating_add(1)));
        let message = self.messages_within(next, None).first().map(|it| it.seq);
        let event = self.events_within(next, None).first().map(|it| it.seq);
        match (message, event) {
            (Some(message), Some(event)) => Some(message.min(event)),
            (message, event) => message.or(event),
        }
    }
}
