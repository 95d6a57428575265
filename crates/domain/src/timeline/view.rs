//! What the screen reads of a timeline.

use super::{Pending, Timeline};
use crate::{
    events::Event,
    ids::{Epoch, PersonId},
    messages::{Message, Rev, Seq},
    rooms::{Member, Room},
};

impl Timeline {
    #[must_use]
    pub const fn me(&self) -> PersonId {
        self.me
    }

    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    #[must_use]
    pub const fn about(&self) -> &Room {
        &self.about
    }

    #[must_use]
    pub const fn cursor(&self) -> Rev {
        self.cursor
    }

    #[must_use]
    pub const fn has_older(&self) -> bool {
        self.has_older
    }

    /// Somebody who is or was in.
    #[must_use]
    pub fn member(&self, person: PersonId) -> Option<&Member> {
        let at = self.members.binary_search_by_key(&person, |member| member.person).ok()?;
        self.members.get(at)
    }

    /// Everybody who is in.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.everybody().filter(|member| !member.gone)
    }

    /// Everybody who is or was in.
    #[must_use]
    pub fn everybody(&self) -> impl ExactSizeIterator<Item = &Member> {
        self.members.iter()
    }

    /// How the reader calls the room, or whoever of it has no name any more by `left`. None is a note to oneself.
    #[must_use]
    pub fn called<'a>(&'a self, left: &'a str) -> Option<&'a str> {
        self.about.called(self.me, self.everybody(), left)
    }

    /// In the order of their places.
    #[must_use]
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    /// In the order of their places.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether a page of older messages was put right before this one.
    #[must_use]
    pub fn is_join(&self, seq: Seq) -> bool {
        self.joins.binary_search_by(|join| seq.cmp(join)).is_ok()
    }

    /// In the order in which they were written.
    #[must_use]
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// The first place that is known, of a message or of an event.
    #[must_use]
    pub fn oldest(&self) -> Option<Seq> {
        let message = self.messages.first().map(|message| message.seq);
        let event = self.events.first().map(|event| event.seq);
        message.into_iter().chain(event).min()
    }

    /// The newest message. Events need not be read.
    #[must_use]
    pub fn newest(&self) -> Option<Seq> {
        self.messages.last().map(|message| message.seq)
    }
}
