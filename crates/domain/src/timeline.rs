//! What a browser knows of one room, and how every change set of changes is merged into it.
//!
//! The rule: a message is what its highest `rev` says, whatever the order in which change sets arrive
//! and however often. The cursor only moves when a change set begins at or before it; anything else is
//! a hole, which is asked for from the database, one question at a time.

mod pages;
mod view;

use pages::Pages;
pub use pages::{PAGE_ITEMS, PAGE_ITEMS_WHILE_PENDING, PageId};

use crate::{
    events::Event,
    history::HistoryPage,
    ids::{Epoch, UserId},
    messages::{Message, Rev, Seq},
    rooms::{Member, Room},
    wire::ChangeSet,
};

/// What the owner of a timeline has to do after a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Next {
    /// Nothing: the timeline is in step, or its question is already on the way.
    Idle,
    /// Ask the server for the changes after this number.
    FetchChanges { after: Rev },
}

/// On which sides of what is loaded there is more. What comes beyond such a side is not put there: it would leave a
/// hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct HasMore {
    older: bool,
    newer: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    me: UserId,
    epoch: Epoch,
    details: Room,
    /// Everybody who is or was in, in the order of their ids.
    members: Vec<Member>,
    /// In the order of their places.
    messages: Vec<Message>,
    /// In the order of their places, none of which is a message's.
    events: Vec<Event>,
    pages: Pages,
    has_more: HasMore,
    /// Whether something that was submitted waits to be acknowledged. It is shown after what is stored.
    is_waiting: bool,
    /// Everything up to here has been merged.
    cursor: Rev,
    /// The highest number anybody has spoken of.
    known_head: Rev,
    /// Changes after this number have to be asked for.
    gap: Option<Rev>,
    request_in_flight: bool,
}

impl Timeline {
    #[must_use]
    pub fn new(me: UserId, page: HistoryPage) -> Self {
        let mut timeline = Self {
            me,
            epoch: page.epoch,
            details: page.details,
            members: Vec::new(),
            messages: Vec::new(),
            events: Vec::new(),
            pages: Pages::new(),
            has_more: HasMore { older: page.has_older, newer: page.has_newer },
            is_waiting: false,
            cursor: page.through,
            known_head: page.through,
            gap: None,
            request_in_flight: false,
        };
        page.members.into_iter().for_each(|member| timeline.upsert_member(member));
        page.messages.into_iter().for_each(|message| timeline.upsert_message(message));
        page.events.into_iter().for_each(|event| timeline.insert_event(event));
        timeline
    }

    /// Merges a change as it happened.
    pub fn apply(&mut self, changes: ChangeSet) -> Next {
        self.known_head = self.known_head.max(changes.through);
        if changes.after > self.cursor {
            self.note_gap(self.cursor);
        }
        self.merge(changes);
        self.next_step()
    }

    /// Merges the answer to a question, or to a cursor in `hello`.
    pub fn answer(&mut self, changes: ChangeSet, head: Rev) -> Next {
        let (after, through) = (changes.after, changes.through);
        self.request_in_flight = false;
        self.known_head = self.known_head.max(head);
        self.merge(changes);
        let complete = through >= self.known_head.max(self.cursor);
        match self.gap {
            Some(gap) if after <= gap => self.gap = (!complete).then_some(through),
            None if self.cursor < self.known_head => self.gap = Some(self.cursor),
            _ => {}
        }
        self.next_step()
    }

    /// Puts the page of what came before `before` in front of the rest. If it was read before the latest
    /// change, what has happened to its messages since is asked for. A page that does not end where this
    /// timeline begins was asked for by an earlier visit of the room, and is dropped: it would leave a hole.
    pub fn older(&mut self, before: Seq, page: HistoryPage) -> Next {
        if self.oldest() != Some(before) || page.epoch != self.epoch {
            return Next::Idle;
        }
        self.has_more.older = page.has_older;
        if !page.messages.is_empty() || !page.events.is_empty() {
            self.begin_older_page(before);
        }
        self.extend(page, |seq| seq < before)
    }

    /// Puts the page of what came after `after` behind the rest, as [`Self::older`] does in front of it.
    pub fn newer(&mut self, after: Seq, page: HistoryPage) -> Next {
        if !self.has_more.newer || self.end() != after || page.epoch != self.epoch {
            return Next::Idle;
        }
        self.has_more.newer = page.has_newer;
        self.mark_end_changed();
        self.extend(page, |seq| seq > after)
    }

    fn extend(&mut self, page: HistoryPage, is_beyond: impl Fn(Seq) -> bool) -> Next {
        let HistoryPage { messages, events, through, .. } = page;
        messages
            .into_iter()
            .filter(|it| is_beyond(it.seq))
            .for_each(|message| self.upsert_message(message));
        events
            .into_iter()
            .filter(|it| is_beyond(it.seq))
            .for_each(|event| self.insert_event(event));
        if through < self.cursor {
            self.note_gap(through);
        }
        self.known_head = self.known_head.max(through);
        self.next_step()
    }

    /// The server has stored this message of the user's. One beyond what is loaded is not shown: it would leave a
    /// hole.
    pub fn confirm(&mut self, message: Message) {
        if self.loaded().contains(message.seq) {
            self.upsert_message(message);
        }
    }

    /// Something may have been told after this timeline was read and before it could be merged into it.
    pub fn catch_up(&mut self) -> Next {
        self.note_gap(self.cursor);
        self.next_step()
    }

    /// The connection is new: whatever had been asked will not be answered.
    pub fn reconnected(&mut self) -> Next {
        self.request_in_flight = false;
        self.next_step()
    }

    fn note_gap(&mut self, after: Rev) {
        self.gap = Some(self.gap.map_or(after, |gap| gap.min(after)));
    }

    fn next_step(&mut self) -> Next {
        match self.gap {
            Some(after) if !self.request_in_flight => {
                self.request_in_flight = true;
                Next::FetchChanges { after }
            }
            _ => Next::Idle,
        }
    }

    fn merge(&mut self, changes: ChangeSet) {
        let ChangeSet { after, through, messages, members, events, details, room: _ } = changes;
        let loaded = self.loaded();
        let messages = messages.into_iter().filter(|it| loaded.contains(it.seq));
        messages.for_each(|message| self.upsert_message(message));
        let events = events.into_iter().filter(|it| loaded.contains(it.seq));
        events.for_each(|event| self.insert_event(event));
        for member in members {
            self.upsert_member(member);
        }
        if let Some(details) = details.filter(|details| details.rev > self.details.rev) {
            self.details = details;
        }
        if after <= self.cursor {
            self.cursor = self.cursor.max(through);
        }
    }

    fn loaded(&self) -> Loaded {
        let from = if self.has_more.older {
            self.oldest().unwrap_or(Seq(i64::MAX))
        } else {
            Seq(i64::MIN)
        };
        let through = if self.has_more.newer { self.end() } else { Seq(i64::MAX) };
        Loaded { from, through }
    }

    fn upsert_member(&mut self, member: Member) {
        let user = member.user;
        let changed = match self.members.binary_search_by_key(&user, |known| known.user) {
            Ok(at) => newer(self.members.get_mut(at), member, |member| member.rev),
            Err(at) => {
                self.members.insert(at, member);
                true
            }
        };
        if changed {
            self.mark_member_changed(user);
        }
    }

    fn upsert_message(&mut self, message: Message) {
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

    fn insert_event(&mut self, event: Event) {
        if let Err(at) = self.events.binary_search_by_key(&event.seq, |known| known.seq) {
            self.begin_page_if_newest(event.seq);
            self.events.insert(at, event);
            self.mark_changed(event.seq);
        }
    }
}

/// The stretch of the history in which nothing is missing.
#[derive(Debug, Clone, Copy)]
struct Loaded {
    from: Seq,
    through: Seq,
}

impl Loaded {
    fn contains(self, seq: Seq) -> bool {
        self.from <= seq && seq <= self.through
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
