//! A timeline as it is rendered: messages in groups, and the days between them.

#[cfg(test)]
mod tests;

use crate::{
    clock::{Clock, Millis},
    events::{Event, EventKind},
    ids::{AvatarId, ClientId, UserId},
    messages::{Message, Seq},
    outbox::{Outbox, OutboxEntry, SendState},
    rooms::Member,
    timeline::{PageId, Timeline},
};
use jiff::civil::Date;

/// Messages of one author less than this apart are one group.
pub const GROUP_MILLIS: i64 = 5 * 60 * 1_000;

/// Identifies an item for as long as its list is shown, whatever its content becomes. No two items of a list
/// have the same id: a date may occur twice, and another author's client id may equal one of the viewer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(u128, i64);

impl ItemId {
    /// The id of an item that has an id and a number; the number is not negative.
    #[must_use]
    pub const fn new(id: u128, number: i64) -> Self {
        Self(id, number)
    }

    /// The viewer's own message, from the moment it is written.
    #[must_use]
    pub const fn own(id: ClientId) -> Self {
        Self(id.uuid().as_u128(), -1)
    }

    /// Another user's message, or an event. Places are not negative.
    #[must_use]
    pub const fn place(seq: Seq) -> Self {
        Self(0, seq.0)
    }

    /// The day that begins above an item.
    #[must_use]
    pub const fn day_above(self) -> Self {
        match self {
            Self(id, -1) => Self(id, -2),
            Self(_, place) => Self(1, place),
        }
    }
}

/// What an item shows. It is rendered again exactly when this changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListItem {
    /// A day begins.
    Day(Date),
    Message(MessageItem),
    Event(EventItem),
}

/// An event, with the names of its actor and target.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventItem {
    pub seq: Seq,
    pub kind: EventKind,
    /// The actor's name; empty until the member record arrives.
    pub actor: String,
    /// The target's name; empty until the member record arrives.
    pub target: String,
}

/// A message, stored or pending.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Delivery {
    Stored { seq: Seq },
    Sending,
    Failed { sentence: String },
}

/// The rows of one page, from the oldest to the newest; what is in the outbox comes last on the newest page, once
/// the end of the history is loaded. None if there is no such page.
///
/// `left` is the label for members who have deleted their account.
#[must_use]
pub fn page_rows(
    timeline: &Timeline,
    outbox: &Outbox,
    page: PageId,
    clock: &Clock,
    left: &str,
) -> Option<Vec<(ItemId, ListItem)>> {
    let (from, until) = timeline.bounds(page)?;
    let sources = sources(timeline, outbox, from, until);
    let context = Context { timeline, clock, left };
    let mut rows = Vec::with_capacity(sources.len() + 1);
    let mut before = None;
    for (at, entry) in sources.iter().enumerate() {
        if !entry.is_within(from, until) {
            before = Some(entry);
            continue;
        }
        let id = entry.id(timeline.me());
        if before.is_none_or(|before| !clock.same_day(before.at(), entry.at())) {
            rows.push((id.day_above(), ListItem::Day(clock.local(entry.at()).date())));
        }
        let after = sources.get(at + 1);
        let starts_group = before.is_none_or(|before| !context.one_group(before, entry));
        let ends_group = after.is_none_or(|after| !context.one_group(entry, after));
        rows.push((id, context.item(entry, starts_group, ends_group)));
        before = Some(entry);
    }
    Some(rows)
}

/// What stands between two places, with its neighbours.
fn sources<'a>(
    timeline: &'a Timeline,
    outbox: &'a Outbox,
    from: Option<Seq>,
    until: Option<Seq>,
) -> Vec<ItemSource<'a>> {
    let from = from.map(|from| timeline.place_before(from).unwrap_or(from));
    let after = until.and_then(|until| timeline.place_after(Seq(until.0 - 1)));
    let until = after.map(|after| Seq(after.0 + 1));
    let mut events = timeline.events_within(from, until);
    let mut sources = Vec::new();
    for message in timeline.messages_within(from, until) {
        while let Some((event, rest)) = events.split_first().filter(|it| it.0.seq < message.seq) {
            sources.push(ItemSource::Event(event));
            events = rest;
        }
        sources.push(ItemSource::Message(message));
    }
    sources.extend(events.iter().map(ItemSource::Event));
    if after.is_none() && !timeline.has_newer() {
        sources.extend(outbox.of(timeline.details().id).map(ItemSource::Submitted));
    }
    sources
}

enum ItemSource<'a> {
    Message(&'a Message),
    Event(&'a Event),
    Submitted(&'a OutboxEntry),
}

impl ItemSource<'_> {
    /// What was submitted comes after all that has a place.
    fn is_within(&self, from: Option<Seq>, until: Option<Seq>) -> bool {
        let seq = match self {
            Self::Message(message) => message.seq,
            Self::Event(event) => event.seq,
            Self::Submitted(_) => return until.is_none(),
        };
        from.is_none_or(|from| from <= seq) && until.is_none_or(|until| seq < until)
    }

    const fn at(&self) -> Millis {
        match self {
            Self::Message(message) => message.at,
            Self::Event(event) => event.at,
            Self::Submitted(entry) => entry.at,
        }
    }

    fn id(&self, me: UserId) -> ItemId {
        match self {
            Self::Message(message) if message.author == me => ItemId::own(message.client_id),
            Self::Message(message) => ItemId::place(message.seq),
            Self::Event(event) => ItemId::place(event.seq),
            Self::Submitted(entry) => ItemId::own(entry.message.client_id),
        }
    }
}

/// What items are rendered with.
struct Context<'a> {
    timeline: &'a Timeline,
    clock: &'a Clock,
    left: &'a str,
}

impl Context<'_> {
    fn author(&self, entry: &ItemSource<'_>) -> Option<UserId> {
        match entry {
            ItemSource::Message(message) => Some(message.author),
            ItemSource::Submitted(_) => Some(self.timeline.me()),
            ItemSource::Event(_) => None,
        }
    }

    fn one_group(&self, a: &ItemSource<'_>, b: &ItemSource<'_>) -> bool {
        let author = self.author(a);
        let close = b.at().0.saturating_sub(a.at().0).abs() < GROUP_MILLIS;
        author.is_some() && author == self.author(b) && close && self.clock.same_day(a.at(), b.at())
    }

    fn name(&self, member: Option<&Member>) -> String {
        member.map_or("", |member| member.display_name(self.left)).to_owned()
    }

    fn item(&self, entry: &ItemSource<'_>, starts_group: bool, ends_group: bool) -> ListItem {
        let (client_id, text, delivery) = match entry {
            ItemSource::Event(event) => return self.event(event),
            ItemSource::Message(it) => (it.client_id, &it.text, Delivery::Stored { seq: it.seq }),
            ItemSource::Submitted(OutboxEntry { message: it, state, .. }) => {
                (it.client_id, &it.text, delivery(state))
            }
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
        ListItem::Event(EventItem { seq: event.seq, kind: event.kind, actor, target })
    }
}

fn delivery(state: &SendState) -> Delivery {
    match state {
        SendState::Sending => Delivery::Sending,
        SendState::Failed { sentence } => Delivery::Failed { sentence: sentence.clone() },
    }
}
