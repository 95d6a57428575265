//! A timeline as it is drawn: which lines belong together, where a day begins.

use crate::{
    clock::{Clock, Millis},
    events::{Event, What},
    ids::{ClientId, PersonId, PictureId},
    messages::{Message, Rev, Seq},
    rooms::Member,
    timeline::{PendingState, Timeline},
};
use jiff::civil::Date;

/// Lines of one author less than this apart are one run.
pub const RUN_MILLIS: i64 = 5 * 60 * 1_000;

/// One row of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A day begins.
    Day(Date),
    /// Somebody said something.
    Line(Line),
    /// Something happened.
    Event(Happening),
}

/// What happened, with the names of those whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    pub seq: Seq,
    pub at: Millis,
    pub what: What,
    /// Who did it; empty while the batch that introduces them is on its way.
    pub by: String,
    /// Whom it concerns.
    pub person: String,
}

/// One message, stored or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each changes how it is drawn, on its own")]
pub struct Line {
    pub client_id: ClientId,
    /// Its place; none while it is not stored.
    pub seq: Option<Seq>,
    pub author: PersonId,
    pub text: String,
    pub at: Millis,
    pub own: bool,
    /// Who said it; empty while the batch that introduces them is on its way.
    pub name: String,
    /// Whoever said it has deleted their account.
    pub left: bool,
    pub picture: Option<PictureId>,
    /// The first of its run shows the name.
    pub first: bool,
    /// The last of its run shows the time.
    pub last: bool,
    pub delivery: Delivery,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    Stored { rev: Rev },
    Sending,
    Failed { sentence: String },
}

impl Row {
    /// Changes exactly when the row has to be drawn anew.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            // Not `Display`, of which nothing else is in the WASM.
            Self::Day(day) => format!("{}-{}-{}", day.year(), day.month(), day.day()),
            Self::Event(Happening { seq, by, person, .. }) => format!("{} {by} {person}", seq.0),
            Self::Line(line) => {
                let Line { client_id, first, last, name, picture, delivery, .. } = line;
                let state = match delivery {
                    Delivery::Stored { rev } => rev.0.to_string(),
                    Delivery::Sending => "sending".to_owned(),
                    Delivery::Failed { sentence } => sentence.clone(),
                };
                let picture = picture.map_or(0, |picture| picture.uuid().as_u128());
                format!("{client_id} {first} {last} {state} {name} {picture:x}")
            }
        }
    }

    const fn at(&self) -> Option<Millis> {
        match self {
            Self::Day(_) => None,
            Self::Line(line) => Some(line.at),
            Self::Event(event) => Some(event.at),
        }
    }

    const fn seq(&self) -> Option<Seq> {
        match self {
            Self::Day(_) => None,
            Self::Line(line) => line.seq,
            Self::Event(event) => Some(event.seq),
        }
    }
}

/// The rows of a timeline, from the oldest to the newest, page by page as they were read; what is
/// not stored yet comes last. There is always one page.
///
/// A page that is there changes at its ends only: whoever draws each as a list of its own touches
/// none of the lines that are being read when older ones come. `left` is the word for whoever has no name
/// any more.
#[must_use]
pub fn pages(timeline: &Timeline, clock: &Clock, left: &str) -> Vec<Vec<Row>> {
    let items = in_order(timeline, left);
    let mut pages = Vec::new();
    let mut rows = Vec::with_capacity(items.len() + 4);
    let mut before: Option<&Row> = None;
    for (item, after) in items.iter().zip(items.iter().skip(1).map(Some).chain([None])) {
        if item.seq().is_some_and(|seq| timeline.is_join(seq)) {
            pages.push(std::mem::take(&mut rows));
        }
        if let Some(at) = item.at()
            && before.and_then(Row::at).is_none_or(|before| !clock.same_day(before, at))
        {
            rows.push(Row::Day(clock.local(at).date()));
        }
        let first = before.is_none_or(|before| !one_run(before, item, clock));
        let last = after.is_none_or(|after| !one_run(item, after, clock));
        rows.push(match item {
            Row::Line(line) => Row::Line(Line { first, last, ..line.clone() }),
            other => other.clone(),
        });
        before = Some(item);
    }
    pages.push(rows);
    pages
}

/// Messages and events by their places, then what is not stored yet.
fn in_order(timeline: &Timeline, left: &str) -> Vec<Row> {
    let mut events = timeline.events().iter().peekable();
    let mut rows = Vec::new();
    for message in timeline.messages() {
        while let Some(event) = events.next_if(|event| event.seq < message.seq) {
            rows.push(happening(timeline, event, left));
        }
        rows.push(Row::Line(stored(timeline, message, left)));
    }
    rows.extend(events.map(|event| happening(timeline, event, left)));
    rows.extend(pending(timeline).map(Row::Line));
    rows
}

fn one_run(a: &Row, b: &Row, clock: &Clock) -> bool {
    let (Row::Line(a), Row::Line(b)) = (a, b) else { return false };
    let close = b.at.0.saturating_sub(a.at.0).abs() < RUN_MILLIS;
    a.author == b.author && close && clock.same_day(a.at, b.at)
}

fn called(member: Option<&Member>, left: &str) -> String {
    member.map_or("", |member| member.called(left)).to_owned()
}

fn happening(timeline: &Timeline, event: &Event, left: &str) -> Row {
    let name = |person| called(timeline.member(person), left);
    let Event { seq, at, what, by, person } = *event;
    Row::Event(Happening { seq, at, what, by: name(by), person: name(person) })
}

fn stored(timeline: &Timeline, message: &Message, left: &str) -> Line {
    let own = message.author == timeline.me();
    let author = timeline.member(message.author);
    Line {
        client_id: message.client_id,
        seq: Some(message.seq),
        author: message.author,
        text: message.text.as_str().to_owned(),
        at: message.at,
        own,
        name: called(author, left),
        left: author.is_some_and(|member| member.name.is_none()),
        picture: author.and_then(|member| member.picture),
        first: true,
        last: true,
        delivery: Delivery::Stored { rev: message.rev },
    }
}

fn pending(timeline: &Timeline) -> impl Iterator<Item = Line> {
    let me = called(timeline.member(timeline.me()), "");
    timeline.pending().iter().map(move |pending| Line {
        client_id: pending.client_id,
        seq: None,
        author: timeline.me(),
        text: pending.text.as_str().to_owned(),
        at: pending.at,
        own: true,
        name: me.clone(),
        left: false,
        picture: None,
        first: true,
        last: true,
        delivery: match &pending.state {
            PendingState::Sending => Delivery::Sending,
            PendingState::Failed { sentence } => Delivery::Failed { sentence: sentence.clone() },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::tests::{House, says};

    fn drawn(timeline: &Timeline) -> Vec<Vec<String>> {
        let draw = |row: Row| match row {
            Row::Day(day) => format!("-- {day}"),
            Row::Line(line) => {
                let side = if line.own { "me" } else { "them" };
                let (first, last) = (u8::from(line.first), u8::from(line.last));
                format!("{side} {} {first}{last}", line.text)
            }
            Row::Event(event) => format!("{:?} {}", event.what, event.person),
        };
        let pages = pages(timeline, &Clock::default(), "떠난 멤버");
        pages.into_iter().map(|rows| rows.into_iter().map(draw).collect()).collect()
    }

    #[test]
    fn runs_break_at_authors_pauses_and_days() {
        let mut house = House::new();
        let (minji, junho) = (house.minji, house.junho);
        says(&mut house, minji, "하나", 0);
        says(&mut house, minji, "둘", 60_000);
        says(&mut house, junho, "셋", 120_000);
        says(&mut house, junho, "넷", 120_000 + RUN_MILLIS);
        says(&mut house, junho, "다섯", 86_400_000);
        assert_eq!(
            drawn(&house.read_by(minji)),
            [[
                "-- 1970-01-01",
                "Entered 민지",
                "Entered 준호",
                "me 하나 10",
                "me 둘 01",
                "them 셋 11",
                "them 넷 11",
                "-- 1970-01-02",
                "them 다섯 11"
            ]]
        );
    }

    #[test]
    fn a_page_of_older_lines_leaves_the_one_below_as_it_was() {
        let mut house = House::new();
        let minji = house.minji;
        for n in 1..=6 {
            says(&mut house, minji, &n.to_string(), 0);
        }
        let mut timeline = Timeline::new(minji, house.page(None, 2));
        for _ in 0..4 {
            let _ = timeline.older(house.page(timeline.oldest(), 2));
        }
        assert_eq!(
            drawn(&timeline),
            [
                vec!["-- 1970-01-01", "Entered 민지", "Entered 준호"],
                vec!["me 1 10", "me 2 00"],
                vec!["me 3 00", "me 4 00"],
                vec!["me 5 00", "me 6 01"],
            ]
        );
    }

    #[test]
    fn what_happened_stands_where_it_happened_and_breaks_a_run() {
        let mut house = House::new();
        let (minji, junho) = (house.minji, house.junho);
        says(&mut house, junho, "하나", 0);
        says(&mut house, junho, "둘", 0);
        house.goes(junho);
        house.enter(junho, "준호");
        says(&mut house, junho, "셋", 0);
        assert_eq!(
            drawn(&house.read_by(minji)),
            [[
                "-- 1970-01-01",
                "Entered 민지",
                "Entered 준호",
                "them 하나 10",
                "them 둘 01",
                "Left 준호",
                "Entered 준호",
                "them 셋 11",
            ]]
        );
    }

    #[test]
    fn whoever_has_deleted_their_account_is_called_what_the_reader_calls_such() {
        let mut house = House::new();
        let (minji, junho) = (house.minji, house.junho);
        says(&mut house, junho, "하나", 0);
        house.forgets(junho);
        let mut rows = pages(&house.read_by(minji), &Clock::default(), "Former member").concat();
        let Some(Row::Line(line)) = rows.pop() else { panic!("{rows:?}") };
        assert_eq!(
            (line.name.as_str(), line.left, line.text.as_str()),
            ("Former member", true, "하나")
        );
        let Some(Row::Event(event)) = rows.pop() else { panic!("{rows:?}") };
        assert_eq!((event.what, event.person.as_str()), (What::Entered, "Former member"));
    }

    #[test]
    fn an_empty_room_is_one_empty_page() {
        let mut house = House::new();
        house.events.clear();
        assert_eq!(drawn(&house.read_by(house.minji)), [Vec::<String>::new()]);
    }
}
