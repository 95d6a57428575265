//! Browsers that hear of a house badly, and know in the end what it knows.

mod house;

use super::*;
use crate::{
    clock::Millis,
    ids::{ClientId, MessageId},
    messages::{MessageText, Seq},
};
use house::uuid;
pub(crate) use house::{House, says};
use proptest::prelude::*;

/// Answers questions until there are none left.
fn settle(house: &House, timeline: &mut Timeline, mut step: Step, most: usize) {
    let mut rounds = 0;
    while let Step::Ask { after } = step {
        step = timeline.answer(house.changes(after, most), Rev(house.head));
        rounds += 1;
        assert!(rounds < 1_000, "asks for ever");
    }
}

fn older(house: &House, timeline: &mut Timeline, most: usize) -> Step {
    let oldest = timeline.oldest().unwrap();
    timeline.older(oldest, house.page(Some(oldest), most))
}

fn assert_in_step(house: &House, timeline: &Timeline) {
    let oldest = timeline.oldest().filter(|_| timeline.has_older());
    let truth: Vec<_> =
        house.messages.iter().filter(|m| oldest.is_none_or(|oldest| m.seq >= oldest)).collect();
    assert_eq!(timeline.messages().collect::<Vec<_>>(), truth);
    let events = house.events.iter().filter(|e| oldest.is_none_or(|oldest| e.seq >= oldest));
    assert!(timeline.events().iter().eq(events), "{:?}", timeline.events());
    assert_eq!(timeline.about(), &house.about);
    assert_eq!(timeline.cursor(), Rev(house.head));
    let mut members: Vec<_> = house.members.clone();
    members.sort_by_key(|member| member.person);
    assert_eq!(timeline.everybody().cloned().collect::<Vec<_>>(), members);
    assert!(timeline.members().all(|member| !member.gone));
}

#[derive(Debug, Clone)]
enum Event {
    Say(bool),
    Edit(usize),
    Rename,
    Go,
    Enter,
    Retitle,
}

fn happen(house: &mut House, event: &Event) {
    match event {
        Event::Say(minji) => {
            let author = if *minji { house.minji } else { house.junho };
            says(house, author, "안녕", 0);
        }
        Event::Edit(nth) => house.edit(*nth, "고침"),
        Event::Rename => house.rename(house.junho, "주노"),
        Event::Go => house.goes(house.junho),
        Event::Enter => house.enter(house.junho, "준호"),
        Event::Retitle => house.about.rev = Rev(house.next()),
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        5 => any::<bool>().prop_map(Event::Say),
        3 => any::<usize>().prop_map(Event::Edit),
        1 => Just(Event::Rename),
        1 => Just(Event::Go),
        1 => Just(Event::Enter),
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
                (1, _) => older(&house, &mut timeline, loaded),
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

    /// Batches are lost, doubled and reordered while the connection stays: the next one that comes tells
    /// of the hole.
    #[test]
    fn whatever_was_lost_is_noticed_without_reconnecting(
        events in prop::collection::vec(event(), 1..30),
        deliveries in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        most in 1usize..8,
    ) {
        let mut house = House::new();
        let mut timeline = house.read_by(house.minji);
        let mut batches = Vec::new();
        for event in &events {
            let head = Rev(house.head);
            happen(&mut house, event);
            batches.push(house.changes(head, 100));
        }
        let newest = batches.last().unwrap();
        for batch in deliveries.iter().map(|index| index.get(&batches)).chain([newest]) {
            let step = timeline.apply(batch.clone());
            settle(&house, &mut timeline, step, most);
        }
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
fn a_late_clock_fails_its_own_attempt_only() {
    let house = House::new();
    let mut timeline = house.read_by(house.minji);
    let client_id = ClientId::from_uuid(uuid(5));
    timeline.post(client_id, MessageText::parse("안녕").unwrap(), Millis(0));
    timeline.fail(client_id, "거절당했어요".to_owned());
    assert!(timeline.retry(client_id).is_some());
    timeline.give_up(client_id, 1, "답이 없어요".to_owned());
    assert_eq!(timeline.pending()[0].state, PendingState::Sending, "the second is on its way");
    timeline.give_up(client_id, 2, "답이 없어요".to_owned());
    assert!(matches!(timeline.pending()[0].state, PendingState::Failed { .. }));
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

#[test]
fn an_acknowledgement_does_not_put_the_number_of_an_edit_on_the_text_before_it() {
    let mut house = House::new();
    let minji = house.minji;
    let mut timeline = house.read_by(minji);
    let start = timeline.cursor();
    let posted = says(&mut house, minji, "처음", 0);
    timeline.post(posted.client_id, posted.text.clone(), Millis(0));
    house.edit(0, "고침");
    // Sent again, it is answered with the number of the edit.
    let Message { client_id, id, seq, at, .. } = posted;
    timeline.confirm(Confirmation { client_id, id, seq, rev: Rev(house.head), at });
    assert_eq!(timeline.apply(house.changes(start, 50)), Step::Wait);
    assert_in_step(&house, &timeline);
}

#[test]
fn what_was_stored_before_the_oldest_loaded_leaves_no_hole() {
    let mut house = House::new();
    let minji = house.minji;
    let mut timeline = house.read_by(minji);
    let posted = says(&mut house, minji, "오래전에", 0);
    timeline.post(posted.client_id, posted.text.clone(), Millis(0));
    for _ in 0..9 {
        says(&mut house, minji, "그 뒤로", 0);
    }
    timeline.reset(house.page(None, 3));
    let oldest = timeline.oldest();
    let Message { client_id, id, seq, rev, at, .. } = posted;
    timeline.confirm(Confirmation { client_id, id, seq, rev, at });
    assert_eq!((timeline.oldest(), timeline.pending()), (oldest, [].as_slice()));
    let _ = older(&house, &mut timeline, 50);
    assert_in_step(&house, &timeline);
}

#[test]
fn a_late_older_page_of_an_earlier_visit_leaves_no_hole() {
    let mut house = House::new();
    let minji = house.minji;
    for _ in 0..12 {
        says(&mut house, minji, "말", 0);
    }
    let mut first_visit = Timeline::new(minji, house.page(None, 3));
    let _ = older(&house, &mut first_visit, 3);
    let asked = first_visit.oldest().unwrap();
    let late = house.page(Some(asked), 3);
    let mut second_visit = Timeline::new(minji, house.page(None, 3));
    assert_eq!(second_visit.older(asked, late), Step::Wait);
    assert_in_step(&house, &second_visit);
    let _ = older(&house, &mut second_visit, 50);
    assert_in_step(&house, &second_visit);
}

#[test]
fn what_was_told_while_the_page_was_on_its_way_is_asked_for() {
    let mut house = House::new();
    let junho = house.junho;
    let page = house.page(None, 50);
    let through = page.through;
    says(&mut house, junho, "그 사이에", 0);
    let mut timeline = Timeline::new(house.minji, page);
    let step = timeline.catch_up();
    assert_eq!(step, Step::Ask { after: through });
    settle(&house, &mut timeline, step, 50);
    assert_in_step(&house, &timeline);
}

#[test]
fn what_was_told_while_the_page_of_a_reset_was_on_its_way_is_asked_for() {
    let mut house = House::new();
    let junho = house.junho;
    let mut timeline = house.read_by(house.minji);
    let page = house.page(None, 50);
    let through = page.through;
    says(&mut house, junho, "그 사이에", 0);
    assert_eq!(timeline.apply(house.changes(through, 50)), Step::Wait);
    timeline.reset(page);
    let step = timeline.catch_up();
    assert_eq!(step, Step::Ask { after: through });
    settle(&house, &mut timeline, step, 50);
    assert_in_step(&house, &timeline);
}
