//! What a browser knows of one room, and how every batch of changes is merged into it.
//!
//! The rule: a message is what its highest `rev` says, whatever the order in which batches arrive
//! and however often. The cursor only moves when a batch begins at or before it; anything else is
//! a hole, which is asked for from the database, one question at a time.

mod pages;
mod pending;
mod view;

use pages::Pages;
pub use pages::{PAGE_ITEMS, PAGE_ITEMS_WHILE_PENDING, PageId};
pub use pending::{Confirmation, Pending, PendingState};

use crate::{
    events::Event,
    ids::{Epoch, UserId},
    messages::{Message, Rev, Seq},
    rooms::{Member, Room},
    wire::{ChangeSet, Page},
};

/// What the owner of a timeline has to do after a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Step {
    /// Nothing: the timeline is in step, or its question is already on the way.
    Wait,
    /// Ask the server for the changes after this number.
    Ask { after: Rev },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    me: UserId,
    epoch: Epoch,
    about: Room,
    /// Everybody who is or was in, in the order of their ids.
    members: Vec<Member>,
    /// In the order of their places.
    messages: Vec<Message>,
    /// In the order of their places, none of which is a message's.
    events: Vec<Event>,
    pages: Pages,
    has_older: bool,
    pending: Vec<Pending>,
    /// Everything up to here has been merged.
    cursor: Rev,
    /// The highest number anybody has spoken of.
    seen: Rev,
    /// Changes after this number have to be asked for.
    gap: Option<Rev>,
    asking: bool,
}

impl Timeline {
    #[must_use]
    pub fn new(me: UserId, page: Page) -> Self {
        let mut timeline = Self {
            me,
            epoch: page.epoch,
            about: page.about,
            members: Vec::new(),
            messages: Vec::new(),
            events: Vec::new(),
            pages: Pages::new(),
            has_older: page.has_older,
            pending: Vec::new(),
            cursor: page.through,
            seen: page.through,
            gap: None,
            asking: false,
        };
        page.members.into_iter().for_each(|member| timeline.meet(member));
        page.messages.into_iter().for_each(|message| timeline.put(message));
        page.events.into_iter().for_each(|event| timeline.note(event));
        timeline
    }

    /// Begins again from a fresh page after a reset. What was not sent stays.
    pub fn reset(&mut self, page: Page) {
        let pending = std::mem::take(&mut self.pending);
        *self = Self { pending, ..Self::new(self.me, page) };
        let Self { pending, messages, .. } = self;
        pending
            .retain(|pending| messages.iter().all(|stored| stored.client_id != pending.client_id));
    }

    /// Merges a change as it happened.
    pub fn apply(&mut self, batch: ChangeSet) -> Step {
        self.seen = self.seen.max(batch.through);
        if batch.after > self.cursor {
            self.note_gap(self.cursor);
        }
        self.merge(batch);
        self.next_step()
    }

    /// Merges the answer to a question, or to a cursor in `hello`.
    pub fn answer(&mut self, batch: ChangeSet, head: Rev) -> Step {
        let (after, through) = (batch.after, batch.through);
        self.asking = false;
        self.seen = self.seen.max(head);
        self.merge(batch);
        let complete = through >= self.seen.max(self.cursor);
        match self.gap {
            Some(gap) if after <= gap => self.gap = (!complete).then_some(through),
            None if self.cursor < self.seen => self.gap = Some(self.cursor),
            _ => {}
        }
        self.next_step()
    }

    /// Puts the page of what came before `before` in front of the rest. If it was read before the latest
    /// change, what has happened to its messages since is asked for. A page that does not end where this
    /// timeline begins was asked for by an earlier visit of the room, and is dropped: it would leave a hole.
    pub fn older(&mut self, before: Seq, page: Page) -> Step {
        if self.oldest() != Some(before) || page.epoch != self.epoch {
            return Step::Wait;
        }
        self.has_older = page.has_older;
        if !page.messages.is_empty() || !page.events.is_empty() {
            self.begin_older_page(before);
        }
        for message in page.messages {
            self.put(message);
        }
        page.events.into_iter().for_each(|event| self.note(event));
        if page.through < self.cursor {
            self.note_gap(page.through);
        }
        self.seen = self.seen.max(page.through);
        self.next_step()
    }

    /// Something may have been told after this timeline was read and before it could be merged into it.
    pub fn catch_up(&mut self) -> Step {
        self.note_gap(self.cursor);
        self.next_step()
    }

    /// The connection is new: whatever had been asked will not be answered.
    pub fn reconnected(&mut self) -> Step {
        self.asking = false;
        self.next_step()
    }

    fn note_gap(&mut self, after: Rev) {
        self.gap = Some(self.gap.map_or(after, |gap| gap.min(after)));
    }

    fn next_step(&mut self) -> Step {
        match self.gap {
            Some(after) if !self.asking => {
                self.asking = true;
                Step::Ask { after }
            }
            _ => Step::Wait,
        }
    }

    fn merge(&mut self, batch: ChangeSet) {
        let ChangeSet { after, through, messages, members, events, about, room: _ } = batch;
        let (oldest, all) = (self.oldest(), !self.has_older);
        let loaded = |seq: Seq| all || oldest.is_some_and(|oldest| seq >= oldest);
        messages.into_iter().filter(|it| loaded(it.seq)).for_each(|message| self.put(message));
        events.into_iter().filter(|it| loaded(it.seq)).for_each(|event| self.note(event));
        for member in members {
            self.meet(member);
        }
        if let Some(about) = about.filter(|about| about.rev > self.about.rev) {
            self.about = about;
        }
        if after <= self.cursor {
            self.cursor = self.cursor.max(through);
        }
    }

    fn meet(&mut self, member: Member) {
        let person = member.person;
        let changed = match self.members.binary_search_by_key(&person, |known| known.person) {
            Ok(at) => newer(self.members.get_mut(at), member, |member| member.rev),
            Err(at) => {
                self.members.insert(at, member);
                true
            }
        };
        if changed {
            self.mark_member_changed(person);
        }
    }

    fn put(&mut self, message: Message) {
        if message.author == self.me {
            self.settle(message.client_id);
        }
        let seq = message.seq;
        let changed = match self.messages.binary_search_by_key(&seq, |known| known.seq) {
            Ok(at) => newer(self.messages.get_mut(at), message, |message| message.rev),
            Err(at) => {
                self.begin_page_if_newest(seq);
                self.messages.insert(at, message);
                true
            }
        };
        if changed {
            self.mark_changed(seq);
        }
    }

    fn note(&mut self, event: Event) {
        if let Err(at) = self.events.binary_search_by_key(&event.seq, |known| known.seq) {
            self.begin_page_if_newest(event.seq);
            self.events.insert(at, event);
            self.mark_changed(event.seq);
        }
    }
}

/// Puts what is told in the place of what is known, if it is newer; whether it was.
fn newer<T>(known: Option<&mut T>, told: T, rev: impl Fn(&T) -> Rev) -> bool {
    let known = known.filter(|known| rev(known) < rev(&told));
    let is_newer = known.is_some();
    if let Some(known) = known {
        *known = told;
    }
    is_newer
}

#[cfg(test)]
pub(crate) mod tests;
