//! A timeline as it is drawn: which messages belong together, where a day begins.

#[cfg(test)]
mod tests;

use crate::{
    clock::{Clock, Millis},
    events::{Event, EventKind},
    ids::{AvatarId, ClientId, UserId},
    messages::{Message, Seq},
    rooms::Member,
    timeline::{PageId, Pending, PendingState, Timeline},
};
use jiff::civil::Date;

/// Messages of one author less than this apart are one group.
pub const GROUP_MILLIS: i64 = 5 * 60 * 1_000;

/// Identifies a row for as long as its list is shown, whatever its content becomes. No two rows of a list
/// have the same: a date may occur twice, and another author's client id may equal one of mine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u128, i64);

impl RowId {
    /// A row that is known by an id and a number; the number is not negative.
    #[must_use]
    pub const fn new(id: u128, number: i64) -> Self {
        Self(id, number)
    }

    /// A message of my own, from the moment it is written.
    #[must_use]
    pub const fn own(id: ClientId) -> Self {
        Self(id.uuid().as_u128(), -1)
    }

    /// Another's message, or an event. Places are not negative.
    #[must_use]
    pub const fn place(seq: Seq) -> Self {
        Self(0, seq.0)
    }

    /// The day that begins above a row.
    #[must_use]
    pub const fn day_above(self) -> Self {
        match self {
            Self(id, -1) => Self(id, -2),
            Self(_, place) => Self(1, place),
        }
    }
}

/// What a row shows. It is drawn anew exactly when this changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListItem {
    /// A day begins.
    Day(Date),
    Message(MessageItem),
    Event(EventItem),
}

/// What happened, with the names of those whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventItem {
    pub kind: EventKind,
    /// Who did it; empty until the member record arrives.
    pub actor: String,
    /// Whom it concerns; empty until the member record arrives.
    pub target: String,
}

/// One message, stored or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each changes how it is drawn, on its own")]
pub struct MessageItem {
    pub client_id: ClientId,
    pub author: UserId,
    pub text: String,
    pub at: Millis,
    pub own: bool,
    /// The author's display name; empty until the member record arrives.
    pub name: String,
    /// The author has deleted their account.
    pub left: bool,
    pub avatar: Option<AvatarId>,
    /// The first of its group shows the name.
    pub starts_group: bool,
    /// The last of its group shows the time.
    pub ends_group: bool,
    pub delivery: Delivery,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    Stored,
    Sending,
    Failed { sentence: String },
}

/// The rows of one page, from the oldest to the newest; what is pending comes last on the newest page. None if
/// there is no such page.
///
/// `left` is the word for members who have no name any more.
#[must_use]
pub fn page_rows(
    timeline: &Timeline,
    page: PageId,
    clock: &Clock,
    left: &str,
) -> Option<Vec<(RowId, ListItem)>> {
    let (from, until) = timeline.bounds(page)?;
    let entries = entries(timeline, from, until);
    let context = Context { timeline, clock, left };
    let mut rows = Vec::with_capacity(entries.len() + 1);
    let mut before = None;
    for (at, entry) in entries.iter().enumerate() {
        if !entry.is_within(from, until) {
            before = Some(entry);
            continue;
        }
        let id = entry.id(timeline.me());
        if before.is_none_or(|before| !clock.same_day(before.at(), entry.at())) {
            rows.push((id.day_above(), ListItem::Day(clock.local(entry.at()).date())));
        }
        let after = entries.get(at + 1);
        let starts_group = before.is_none_or(|before| !context.one_group(before, entry));
        let ends_group = after.is_none_or(|after| !context.one_group(entry, after));
        rows.push((id, context.item(entry, starts_group, ends_group)));
        before = Some(entry);
    }
    Some(rows)
}

/// What stands between two places, with its neighbours.
fn entries(timeline: &Timeline, from: Option<Seq>, until: Option<Seq>) -> Vec<Entry<'_>> {
    let from = from.map(|from| timeline.place_before(from).unwrap_or(from));
    let after = until.and_then(|until| timeline.place_after(Seq(until.0 - 1)));
    let until = after.map(|after| Seq(after.0 + 1));
    let mut events = timeline.events_within(from, until);
    let mut entries = Vec::new();
    for message in timeline.messages_within(from, until) {
        while let Some((event, rest)) = events.split_first().filter(|it| it.0.seq < message.seq) {
            entries.push(Entry::Event(event));
            events = rest;
        }
        entries.push(Entry::Message(message));
    }
    entries.extend(events.iter().map(Entry::Event));
    if after.is_none() {
        entries.extend(timeline.pending().iter().map(Entry::Pending));
    }
    entries
}

enum Entry<'a> {
    Message(&'a Message),
    Event(&'a Event),
    Pending(&'a Pending),
}

impl Entry<'_> {
    /// What is pending comes after all that has a place.
    fn is_within(&self, from: Option<Seq>, until: Option<Seq>) -> bool {
        let seq = match self {
            Self::Message(message) => message.seq,
            Self::Event(event) => event.seq,
            Self::Pending(_) => return until.is_none(),
        };
        from.is_none_or(|from| from <= seq) && until.is_none_or(|until| seq < until)
    }

    const fn at(&self) -> Millis {
        match self {
            Self::Message(message) => message.at,
            Self::Event(event) => event.at,
            Self::Pending(pending) => pending.at,
        }
    }

    fn id(&self, me: UserId) -> RowId {
        match self {
            Self::Message(message) if message.author == me => RowId::own(message.client_id),
            Self::Message(message) => RowId::place(message.seq),
            Self::Event(event) => RowId::place(event.seq),
            Self::Pending(pending) => RowId::own(pending.client_id),
        }
    }
}

/// What rows are drawn with.
struct Context<'a> {
    timeline: &'a Timeline,
    clock: &'a Clock,
    left: &'a str,
}

impl Context<'_> {
    fn author(&self, entry: &Entry<'_>) -> Option<UserId> {
        match entry {
            Entry::Message(message) => Some(message.author),
            Entry::Pending(_) => Some(self.timeline.me()),
            Entry::Event(_) => None,
        }
    }

    fn one_group(&self, a: &Entry<'_>, b: &Entry<'_>) -> bool {
        let author = self.author(a);
        let close = b.at().0.saturating_sub(a.at().0).abs() < GROUP_MILLIS;
        author.is_some() && author == self.author(b) && close && self.clock.same_day(a.at(), b.at())
    }

    fn name(&self, member: Option<&Member>) -> String {
        member.map_or("", |member| member.display_name(self.left)).to_owned()
    }

    fn item(&self, entry: &Entry<'_>, starts_group: bool, ends_group: bool) -> ListItem {
        let (client_id, text, delivery) = match entry {
            Entry::Event(event) => return self.event(event),
            Entry::Message(it) => (it.client_id, &it.text, Delivery::Stored),
            Entry::Pending(it) => (it.client_id, &it.text, delivery(&it.state)),
        };
        let author = self.author(entry).unwrap_or_else(|| self.timeline.me());
        let member = self.timeline.member(author);
        ListItem::Message(MessageItem {
            client_id,
            author,
            text: text.as_str().to_owned(),
            at: entry.at(),
            own: author == self.timeline.me(),
            name: self.name(member),
            left: member.is_some_and(|member| member.name.is_none()),
            avatar: member.and_then(|member| member.avatar),
            starts_group,
            ends_group,
            delivery,
        })
    }

    fn event(&self, event: &Event) -> ListItem {
        let name = |user| self.name(self.timeline.member(user));
        let (actor, target) = (name(event.actor), name(event.target));
        ListItem::Event(EventItem { kind: event.kind, actor, target })
    }
}

fn delivery(state: &PendingState) -> Delivery {
    match state {
        PendingState::Sending => Delivery::Sending,
        PendingState::Failed { sentence } => Delivery::Failed { sentence: sentence.clone() },
    }
}
