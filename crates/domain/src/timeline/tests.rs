//! A little house that keeps the truth, and browsers that hear of it badly.

use super::*;
use crate::{
    ids::RoomId,
    people::DisplayName,
    rooms::RoomTitle,
    wire::{Batch, Page},
};
use proptest::prelude::*;
use uuid::Uuid;

fn uuid(n: i64) -> Uuid {
    Uuid::from_u128(n.unsigned_abs().into())
}

/// The present state of one room, as a database would have it.
pub(crate) struct House {
    pub minji: PersonId,
    pub junho: PersonId,
    head: i64,
    about: Room,
    members: Vec<Member>,
    messages: Vec<Message>,
}

impl House {
    pub fn new() -> Self {
        let minji = PersonId::from_uuid(uuid(101));
        let junho = PersonId::from_uuid(uuid(102));
        let title = RoomTitle::parse("공부방").unwrap();
        let about = Room { id: RoomId::from_uuid(uuid(1)), title, rev: Rev(1) };
        let mut house =
            Self { minji, junho, head: 1, about, members: Vec::new(), messages: Vec::new() };
        house.enter(minji, "민지");
        house.enter(junho, "준호");
        house
    }

    fn next(&mut self) -> i64 {
        self.head += 1;
        self.head
    }

    fn enter(&mut self, person: PersonId, name: &str) {
        let rev = Rev(self.next());
        let name = DisplayName::parse(name).unwrap();
        self.members.retain(|member| member.person != person);
        self.members.push(Member { person, name, rev });
    }

    fn edit(&mut self, nth: usize, text: &str) {
        let rev = Rev(self.next());
        let count = self.messages.len().max(1);
        if let Some(message) = self.messages.get_mut(nth % count) {
            message.text = MessageText::parse(text).unwrap();
            message.rev = rev;
        }
    }

    /// What `changes(room, after)` answers when it reads at most `most` messages.
    fn changes(&self, after: Rev, most: usize) -> Batch {
        let mut messages: Vec<_> =
            self.messages.iter().filter(|message| message.rev > after).cloned().collect();
        messages.sort_by_key(|message| message.rev);
        let cut = messages.get(most).is_some();
        messages.truncate(most);
        let through = if cut { messages.last().unwrap().rev } else { Rev(self.head) };
        let changed = |rev: Rev| after < rev && rev <= through;
        let members = self.members.iter().filter(|m| changed(m.rev)).cloned().collect();
        let about = changed(self.about.rev).then(|| self.about.clone());
        Batch { room: self.about.id, after, through, messages, members, about }
    }

    fn page(&self, before: Option<Seq>, most: usize) -> Page {
        let older = |message: &&Message| before.is_none_or(|before| message.seq < before);
        let all: Vec<_> = self.messages.iter().filter(older).cloned().collect();
        let cut = all.len().saturating_sub(most);
        Page {
            about: self.about.clone(),
            members: self.members.clone(),
            messages: all.into_iter().skip(cut).collect(),
            has_older: cut > 0,
            has_newer: before.is_some(),
            through: Rev(self.head),
            epoch: Epoch::from_uuid(uuid(7)),
        }
    }

    pub fn read_by(&self, person: PersonId) -> Timeline {
        Timeline::new(person, self.page(None, 50))
    }
}

pub(crate) fn says(house: &mut House, author: PersonId, text: &str, at: i64) -> Message {
    let n = house.next();
    let message = Message {
        id: MessageId::from_uuid(uuid(n)),
        client_id: ClientId::from_uuid(uuid(1_000 + n)),
        author,
        text: MessageText::parse(text).unwrap(),
        at: Millis(at),
        seq: Seq(n),
        rev: Rev(n),
    };
    house.messages.push(message.clone());
    message
}

/// Answers questions until there are none left.
fn settle(house: &House, timeline: &mut Timeline, mut step: Step, most: usize) {
    let mut rounds = 0;
    while let Step::Ask { after } = step {
        step = timeline.answer(house.changes(after, most), Rev(house.head));
        rounds += 1;
        assert!(rounds < 1_000, "asks for ever");
    }
}

fn assert_in_step(house: &House, timeline: &Timeline) {
    let oldest = timeline.oldest().filter(|_| timeline.has_older());
    let truth: Vec<_> =
        house.messages.iter().filter(|m| oldest.is_none_or(|oldest| m.seq >= oldest)).collect();
    assert_eq!(timeline.messages().collect::<Vec<_>>(), truth);
    assert_eq!(timeline.about(), &house.about);
    assert_eq!(timeline.cursor(), Rev(house.head));
    let mut members: Vec<_> = house.members.clone();
    members.sort_by_key(|member| member.person);
    assert_eq!(timeline.members().cloned().collect::<Vec<_>>(), members);
}

#[derive(Debug, Clone)]
enum Event {
    Say(bool),
    Edit(usize),
    Rename,
    Retitle,
}

fn happen(house: &mut House, event: &Event) {
    match event {
        Event::Say(minji) => {
            let author = if *minji { house.minji } else { house.junho };
            says(house, author, "안녕", 0);
        }
        Event::Edit(nth) => house.edit(*nth, "고침"),
        Event::Rename => house.enter(house.junho, "주노"),
        Event::Retitle => house.about.rev = Rev(house.next()),
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        5 => any::<bool>().prop_map(Event::Say),
        3 => any::<usize>().prop_map(Event::Edit),
        1 => Just(Event::Rename),
        1 => Just(Event::Retitle),
    ]
}

proptest! {
    /// Batches are lost, doubled and reordered; questions are answered late, in pages, sometimes
    /// not at all; older pages come in between. After one more connection all is as it is stored.
    #[test]
    fn any_order_any_loss_any_cut_converges(
        before in prop::collection::vec(event(), 0..30),
        after in prop::collection::vec(event(), 0..30),
        loaded in 1usize..12,
        most in 1usize..8,
        deliveries in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 0..60),
    ) {
        let mut house = House::new();
        for event in &before {
            happen(&mut house, event);
        }
        let mut timeline = Timeline::new(house.minji, house.page(None, loaded));
        let mut batches = vec![house.changes(Rev(0), 100)];
        for event in &after {
            let head = Rev(house.head);
            happen(&mut house, event);
            batches.push(house.changes(head, 100));
        }
        let mut question = None;
        for (index, what) in deliveries {
            let step = match (what, question.take()) {
                (0, _) => timeline.reconnected(),
                (1, _) => timeline.older(house.page(timeline.oldest(), loaded)),
                (2 | 3, Some(asked)) => timeline.answer(house.changes(asked, most), Rev(house.head)),
                (_, asked) => {
                    question = asked;
                    timeline.apply(index.get(&batches).clone())
                }
            };
            if let Step::Ask { after } = step {
                question = Some(after);
            }
        }
        let step = timeline.reconnected();
        settle(&house, &mut timeline, step, most);
        let cursor = timeline.cursor();
        let step = timeline.answer(house.changes(cursor, most), Rev(house.head));
        settle(&house, &mut timeline, step, most);
        assert_in_step(&house, &timeline);
    }

    #[test]
    fn twice_is_once(events in prop::collection::vec(event(), 1..20)) {
        let mut house = House::new();
        let mut timeline = house.read_by(house.minji);
        let start = timeline.cursor();
        for event in &events {
            happen(&mut house, event);
        }
        let batch = house.changes(start, 100);
        let _ = timeline.apply(batch.clone());
        let once = timeline.clone();
        let _ = timeline.apply(batch);
        prop_assert_eq!(timeline, once);
    }
}

#[test]
fn a_hole_is_asked_for_once_and_then_filled() {
    let mut house = House::new();
    let mut timeline = house.read_by(house.minji);
    let start = timeline.cursor();
    let junho = house.junho;
    says(&mut house, junho, "하나", 0);
    let after_one = Rev(house.head);
    says(&mut house, junho, "둘", 0);
    let late = house.changes(after_one, 50);
    assert_eq!(timeline.apply(late.clone()), Step::Ask { after: start });
    assert_eq!(timeline.apply(late), Step::Wait, "one question at a time");
    let answer = house.changes(start, 50);
    assert_eq!(timeline.answer(answer, Rev(house.head)), Step::Wait);
    assert_in_step(&house, &timeline);
}

#[test]
fn a_pending_line_becomes_one_message_whichever_word_comes_first() {
    let mut house = House::new();
    let minji = house.minji;
    for ack_first in [true, false] {
        let mut timeline = house.read_by(minji);
        let start = timeline.cursor();
        let stored = says(&mut house, minji, "안녕", 0);
        timeline.post(stored.client_id, stored.text.clone(), Millis(0));
        let Message { client_id, id, seq, rev, at, .. } = stored;
        let ack = Confirmation { client_id, id, seq, rev, at };
        if ack_first {
            timeline.confirm(ack);
            assert_eq!(timeline.pending(), []);
        }
        assert_eq!(timeline.apply(house.changes(start, 50)), Step::Wait);
        timeline.confirm(ack);
        timeline.fail(client_id, "too late to fail".to_owned());
        assert_eq!(timeline.pending(), []);
        assert_in_step(&house, &timeline);
    }
}

#[test]
fn what_failed_can_be_sent_again_under_the_same_id() {
    let house = House::new();
    let mut timeline = house.read_by(house.minji);
    let client_id = ClientId::from_uuid(uuid(5));
    let text = MessageText::parse("안녕").unwrap();
    timeline.post(client_id, text.clone(), Millis(0));
    timeline.fail(client_id, "연결이 끊겼어요".to_owned());
    assert!(matches!(timeline.pending()[0].state, PendingState::Failed { .. }));
    assert_eq!(timeline.retry(client_id), Some(text));
    assert_eq!(timeline.pending().len(), 1);
    assert_eq!(timeline.pending()[0].state, PendingState::Sending);
}

#[test]
fn a_reset_keeps_what_was_not_sent() {
    let mut house = House::new();
    let mut timeline = house.read_by(house.minji);
    let text = MessageText::parse("안녕").unwrap();
    timeline.post(ClientId::from_uuid(uuid(5)), text.clone(), Millis(0));
    let minji = house.minji;
    let stored = says(&mut house, minji, "이미", 0);
    timeline.post(stored.client_id, stored.text, Millis(0));
    timeline.reset(house.page(None, 50));
    assert_eq!(timeline.pending().len(), 1, "the stored one is no longer pending");
    assert_in_step(&house, &timeline);
}
