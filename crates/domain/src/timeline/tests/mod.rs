//! Browsers that hear of an instance badly, and know in the end what it knows.

mod model_server;

use super::*;
use crate::{
    clock::Millis,
    history::PageAnchor,
    ids::{ClientId, MessageId},
    messages::{MessageText, Seq},
};
pub(crate) use model_server::{ModelServer, says};
use proptest::prelude::*;

/// Answers questions until there are none left.
fn settle(model: &ModelServer, timeline: &mut Timeline, mut step: Next, most: usize) {
    let mut rounds = 0;
    while let Next::FetchChanges { after } = step {
        step = timeline.answer(model.changes(after, most), Rev(model.head));
        rounds += 1;
        assert!(rounds < 1_000, "asks for ever");
    }
}

fn older(model: &ModelServer, timeline: &mut Timeline, most: usize) -> Next {
    let Some(oldest) = timeline.oldest() else { return Next::Idle };
    timeline.older(oldest, model.page(PageAnchor::Before(oldest), most))
}

fn newer(model: &ModelServer, timeline: &mut Timeline, most: usize) -> Next {
    let end = timeline.end();
    timeline.newer(end, model.page(PageAnchor::After(end), most))
}

/// What is loaded is a stretch of what is stored, without a hole; each end that says so is an end of the history.
fn assert_in_step(model: &ModelServer, timeline: &Timeline) {
    let from = if timeline.has_older() { timeline.oldest().unwrap() } else { Seq(0) };
    let through = if timeline.has_newer() { timeline.end() } else { Seq(i64::MAX) };
    let loaded = |seq: Seq| from <= seq && seq <= through;
    let truth: Vec<_> = model.messages.iter().filter(|m| loaded(m.seq)).collect();
    assert_eq!(timeline.messages().collect::<Vec<_>>(), truth);
    let events = model.events.iter().filter(|e| loaded(e.seq));
    assert!(timeline.events().iter().eq(events), "{:?}", timeline.events());
    assert_eq!(timeline.details(), &model.details);
    assert_eq!(timeline.cursor(), Rev(model.head));
    let mut members: Vec<_> = model.members.clone();
    members.sort_by_key(|member| member.user);
    assert_eq!(timeline.all_members().cloned().collect::<Vec<_>>(), members);
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

fn happen(model: &mut ModelServer, event: &Event) {
    match event {
        Event::Say(minji) => {
            let author = if *minji { model.minji } else { model.junho };
            says(model, author, "안녕", 0);
        }
        Event::Edit(nth) => model.edit(*nth, "고침"),
        Event::Rename => model.rename(model.junho, "주노"),
        Event::Go => model.goes(model.junho),
        Event::Enter => model.enter(model.junho, "준호"),
        Event::Retitle => model.details.rev = Rev(model.next()),
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
    /// not at all; a history that begins anywhere grows at both ends in between. After one more connection all is as it is stored.
    #[test]
    fn any_order_any_loss_any_cut_converges(
        before in prop::collection::vec(event(), 0..30),
        after in prop::collection::vec(event(), 0..30),
        loaded in 1usize..12,
        most in 1usize..8,
        deliveries in prop::collection::vec((any::<prop::sample::Index>(), 0u8..9), 0..60),
        around in prop::option::of(0i64..40),
    ) {
        let mut model = ModelServer::new();
        for event in &before {
            happen(&mut model, event);
        }
        let anchor = around.map_or(PageAnchor::Newest, |seq| PageAnchor::Around(Seq(seq)));
        let mut timeline = Timeline::new(model.minji, model.page(anchor, loaded));
        let mut change_sets = vec![model.changes(Rev(0), 100)];
        for event in &after {
            let head = Rev(model.head);
            happen(&mut model, event);
            change_sets.push(model.changes(head, 100));
        }
        let mut question = None;
        for (index, what) in deliveries {
            let step = match (what, question.take()) {
                (0, _) => timeline.reconnected(),
                (1, _) => older(&model, &mut timeline, loaded),
                (8, _) => newer(&model, &mut timeline, loaded),
                (2 | 3, Some(asked)) => timeline.answer(model.changes(asked, most), Rev(model.head)),
                (_, asked) => {
                    question = asked;
                    timeline.apply(index.get(&change_sets).clone())
                }
            };
            if let Next::FetchChanges { after } = step {
                question = Some(after);
            }
        }
        let step = timeline.reconnected();
        settle(&model, &mut timeline, step, most);
        let cursor = timeline.cursor();
        let step = timeline.answer(model.changes(cursor, most), Rev(model.head));
        settle(&model, &mut timeline, step, most);
        assert_in_step(&model, &timeline);
        while timeline.has_newer() {
            let step = newer(&model, &mut timeline, loaded);
            settle(&model, &mut timeline, step, most);
            assert_in_step(&model, &timeline);
        }
    }

    /// Batches are lost, doubled and reordered while the connection stays: the next one that comes tells
    /// of the hole.
    #[test]
    fn whatever_was_lost_is_noticed_without_reconnecting(
        events in prop::collection::vec(event(), 1..30),
        deliveries in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        most in 1usize..8,
    ) {
        let mut model = ModelServer::new();
        let mut timeline = model.read_by(model.minji);
        let mut change_sets = Vec::new();
        for event in &events {
            let head = Rev(model.head);
            happen(&mut model, event);
            change_sets.push(model.changes(head, 100));
        }
        let newest = change_sets.last().unwrap();
        for changes in deliveries.iter().map(|index| index.get(&change_sets)).chain([newest]) {
            let step = timeline.apply(changes.clone());
            settle(&model, &mut timeline, step, most);
        }
        assert_in_step(&model, &timeline);
    }

    #[test]
    fn twice_is_once(events in prop::collection::vec(event(), 1..20)) {
        let mut model = ModelServer::new();
        let mut timeline = model.read_by(model.minji);
        let start = timeline.cursor();
        for event in &events {
            happen(&mut model, event);
        }
        let changes = model.changes(start, 100);
        let _ = timeline.apply(changes.clone());
        let once = timeline.clone();
        let _ = timeline.apply(changes);
        prop_assert_eq!(timeline, once);
    }
}

#[test]
fn a_hole_is_asked_for_once_and_then_filled() {
    let mut model = ModelServer::new();
    let mut timeline = model.read_by(model.minji);
    let start = timeline.cursor();
    let junho = model.junho;
    says(&mut model, junho, "하나", 0);
    let after_one = Rev(model.head);
    says(&mut model, junho, "둘", 0);
    let late = model.changes(after_one, 50);
    assert_eq!(timeline.apply(late.clone()), Next::FetchChanges { after: start });
    assert_eq!(timeline.apply(late), Next::Idle, "one question at a time");
    let answer = model.changes(start, 50);
    assert_eq!(timeline.answer(answer, Rev(model.head)), Next::Idle);
    assert_in_step(&model, &timeline);
}

#[test]
fn a_late_older_page_of_an_earlier_visit_leaves_no_hole() {
    let mut model = ModelServer::new();
    let minji = model.minji;
    for _ in 0..12 {
        says(&mut model, minji, "말", 0);
    }
    let mut first_visit = Timeline::new(minji, model.page(PageAnchor::Newest, 3));
    let _ = older(&model, &mut first_visit, 3);
    let asked = first_visit.oldest().unwrap();
    let late = model.page(PageAnchor::Before(asked), 3);
    let mut second_visit = Timeline::new(minji, model.page(PageAnchor::Newest, 3));
    assert_eq!(second_visit.older(asked, late), Next::Idle);
    assert_in_step(&model, &second_visit);
    let _ = older(&model, &mut second_visit, 50);
    assert_in_step(&model, &second_visit);
}

#[test]
fn a_page_of_the_past_takes_in_nothing_that_would_leave_a_hole() {
    let mut model = ModelServer::new();
    let (minji, junho) = (model.minji, model.junho);
    for _ in 0..12 {
        says(&mut model, junho, "말", 0);
    }
    let mut timeline = Timeline::new(minji, model.page(PageAnchor::Around(Seq(9)), 4));
    let end = timeline.end();
    let told = says(&mut model, junho, "방금", 0);
    let before = Rev(told.rev.0 - 1);
    assert_eq!(timeline.apply(model.changes(before, 50)), Next::Idle);
    timeline.confirm(told.clone());
    assert_eq!((timeline.end(), timeline.has_newer()), (end, true));
    // An edit of what is loaded, and a member's new name, are taken in.
    let after = Rev(model.head);
    let nth = model.messages.iter().position(|it| it.seq == end).unwrap();
    model.edit(nth, "고침");
    model.rename(junho, "주노");
    assert_eq!(timeline.apply(model.changes(after, 50)), Next::Idle);
    assert_in_step(&model, &timeline);
    // A page that was asked for by an earlier visit, and ends elsewhere.
    let late = model.page(PageAnchor::After(Seq(end.0 + 1)), 2);
    assert_eq!(timeline.newer(Seq(end.0 + 1), late), Next::Idle);
    assert_eq!(timeline.end(), end);
    // One that was read before the latest message leaves a question.
    let page = model.page(PageAnchor::After(end), 50);
    let last = says(&mut model, junho, "그 사이에", 0);
    let _ = timeline.apply(model.changes(Rev(last.rev.0 - 1), 50));
    let step = timeline.newer(end, page);
    assert!(matches!(step, Next::FetchChanges { .. }), "{step:?}");
    settle(&model, &mut timeline, step, 50);
    assert_eq!((timeline.newest(), timeline.has_newer()), (Some(last.seq), false));
    assert_in_step(&model, &timeline);
}

#[test]
fn what_was_told_while_the_page_was_on_its_way_is_asked_for() {
    let mut model = ModelServer::new();
    let junho = model.junho;
    let page = model.page(PageAnchor::Newest, 50);
    let through = page.through;
    says(&mut model, junho, "그 사이에", 0);
    let mut timeline = Timeline::new(model.minji, page);
    let step = timeline.catch_up();
    assert_eq!(step, Next::FetchChanges { after: through });
    settle(&model, &mut timeline, step, 50);
    assert_in_step(&model, &timeline);
}

#[test]
fn what_was_told_while_the_page_of_a_reset_was_on_its_way_is_asked_for() {
    let mut model = ModelServer::new();
    let junho = model.junho;
    let mut timeline = model.read_by(model.minji);
    let page = model.page(PageAnchor::Newest, 50);
    let through = page.through;
    says(&mut model, junho, "그 사이에", 0);
    assert_eq!(timeline.apply(model.changes(through, 50)), Next::Idle);
    timeline = Timeline::new(model.minji, page);
    let step = timeline.catch_up();
    assert_eq!(step, Next::FetchChanges { after: through });
    settle(&model, &mut timeline, step, 50);
    assert_in_step(&model, &timeline);
}
