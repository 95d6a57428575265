//! What the screen reads of a timeline.

use super::Timeline;
use crate::{
    events::Event,
    ids::{Epoch, UserId},
    messages::{Message, Rev, Seq},
    rooms::{Member, Room},
};

impl Timeline {
    #[must_use]
    pub const fn me(&self) -> UserId {
        self.me
    }

    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    #[must_use]
    pub const fn details(&self) -> &Room {
        &self.details
    }

    #[must_use]
    pub const fn cursor(&self) -> Rev {
        self.cursor
    }

    #[must_use]
    pub const fn has_older(&self) -> bool {
        self.has_more.older
    }

    /// Whether there is more after what is loaded.
    #[must_use]
    pub const fn has_newer(&self) -> bool {
        self.has_more.newer
    }

    /// A present or former member.
    #[must_use]
    pub fn member(&self, user: UserId) -> Option<&Member> {
        let at = self.members.binary_search_by_key(&user, |member| member.user).ok()?;
        self.members.get(at)
    }

    /// Everybody who is in.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.all_members().filter(|member| !member.gone)
    }

    /// Everybody who is or was in.
    #[must_use]
    pub fn all_members(&self) -> impl ExactSizeIterator<Item = &Member> {
        self.members.iter()
    }

    /// The name that the reader sees for the room. Former users appear as `left`. None is a note to oneself.
    #[must_use]
    pub fn display_name<'a>(&'a self, left: &'a str) -> Option<&'a str> {
        self.details.display_name(self.me, self.all_members(), left)
    }

    /// In the order of their places.
    #[must_use]
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    /// Those from the first place up to, and without, the second.
    pub(crate) fn messages_within(&self, from: Option<Seq>, until: Option<Seq>) -> &[Message] {
        within(&self.messages, from, until)
    }

    /// Those from the first place up to, and without, the second.
    pub(crate) fn events_within(&self, from: Option<Seq>, until: Option<Seq>) -> &[Event] {
        within(&self.events, from, until)
    }

    /// Whether nothing was said or happened, and nothing that was submitted waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        let is_loaded = !self.has_more.older && !self.has_more.newer;
        is_loaded && self.messages.is_empty() && self.events.is_empty() && !self.is_waiting
    }

    /// In the order of their places.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The first place that is known, of a message or of an event.
    #[must_use]
    pub fn oldest(&self) -> Option<Seq> {
        self.place_after(Seq(i64::MIN))
    }

    /// The last place that is known, of a message or of an event; before all places where none is.
    #[must_use]
    pub fn end(&self) -> Seq {
        self.place_before(Seq(i64::MAX)).unwrap_or_default()
    }

    /// The newest message. Events need not be read.
    #[must_use]
    pub fn newest(&self) -> Option<Seq> {
        self.messages.last().map(|message| message.seq)
    }
}

trait Placed {
    fn place(&self) -> Seq;
}

impl Placed for Message {
    fn place(&self) -> Seq {
        self.seq
    }
}

impl Placed for Event {
    fn place(&self) -> Seq {
        self.seq
    }
}

fn within<T: Placed>(all: &[T], from: Option<Seq>, until: Option<Seq>) -> &[T] {
    let from = from.map_or(0, |from| index_of(all, from));
    let until = until.map_or(all.len(), |until| index_of(all, until));
    all.get(from..until).unwrap_or_default()
}

/// Where a place is, or would be.
fn index_of<T: Placed>(all: &[T], seq: Seq) -> usize {
    all.partition_point(|it| it.place() < seq)
}
