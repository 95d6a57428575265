use super::*;
use crate::{
    history::{HistoryPage, PageAnchor},
    ids::RoomId,
    messages::{MessageText, NewMessage, Rev},
    protocol::client::Client,
    timeline::{
        PAGE_ITEMS, PAGE_ITEMS_WHILE_PENDING,
        tests::{ModelServer, says},
    },
    wire::{ChangeSet, ServerFrame},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

const DAY: i64 = 86_400_000;
const LEFT: &str = "떠난 멤버";

type Rows = Vec<(ItemId, ListItem)>;

/// A browser that shows the one room.
#[derive(Clone)]
struct Screen {
    client: Client,
    room: RoomId,
}

impl Screen {
    fn of(model: &ModelServer, most: usize) -> Self {
        Self { client: model.opened_by(model.minji, most), room: model.details.id }
    }

    fn timeline(&self) -> &Timeline {
        self.client.room(self.room).unwrap()
    }

    fn rows_of(&self, page: PageId) -> Rows {
        page_rows(self.timeline(), self.client.outbox(), page, &Clock::default(), LEFT).unwrap()
    }

    fn all_pages(&self) -> BTreeMap<PageId, Rows> {
        self.timeline().pages().map(|page| (page, self.rows_of(page))).collect()
    }

    fn drawn(&self) -> Vec<Vec<String>> {
        let write = |rows: Rows| rows.iter().map(|(_, item)| written(item)).collect();
        self.all_pages().into_values().map(write).collect()
    }

    fn tell(&mut self, changes: ChangeSet) {
        let _ = self.client.on_frame(ServerFrame::Changes(changes));
    }

    fn acknowledge(&mut self, message: Message) {
        let ack = ServerFrame::Ack { room: self.room, message };
        assert_eq!(self.client.on_frame(ack), None);
    }

    fn write(&mut self, client_id: ClientId, text: &str, at: i64) {
        let text = MessageText::parse(text).unwrap();
        let message = NewMessage { client_id, text };
        assert!(self.client.submit(self.room, message, Millis(at)).is_some());
    }

    fn load_older(&mut self, model: &ModelServer, most: usize) {
        let oldest = self.timeline().oldest().unwrap();
        let _ = self.client.older(oldest, model.page(PageAnchor::Before(oldest), most));
    }

    fn load_newer(&mut self, model: &ModelServer, most: usize) {
        let end = self.timeline().end();
        let _ = self.client.newer(end, model.page(PageAnchor::After(end), most));
    }

    fn take_changed_pages(&mut self) -> Vec<PageId> {
        self.client.take_changed_pages().unwrap_or_default()
    }
}

fn written(item: &ListItem) -> String {
    match item {
        ListItem::Day(day) => format!("-- {day}"),
        ListItem::Message(item) => {
            let side = if item.own { "me" } else { "them" };
            let (starts, ends) = (u8::from(item.starts_group), u8::from(item.ends_group));
            format!("{side} {} {starts}{ends}", item.text)
        }
        ListItem::Event(event) => format!("{:?} {}", event.kind, event.target),
    }
}

fn client_id(n: u128) -> ClientId {
    ClientId::from_uuid(Uuid::from_u128(n))
}

#[test]
fn groups_break_at_authors_pauses_and_days() {
    let mut model = ModelServer::new();
    let (minji, junho) = (model.minji, model.junho);
    says(&mut model, minji, "하나", 0);
    says(&mut model, minji, "둘", 60_000);
    says(&mut model, junho, "셋", 120_000);
    says(&mut model, junho, "넷", 120_000 + GROUP_MILLIS);
    says(&mut model, junho, "다섯", DAY);
    assert_eq!(
        Screen::of(&model, 50).drawn(),
        [[
            "-- 1970-01-01",
            "Joined 민지",
            "Joined 준호",
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
fn a_page_of_older_messages_leaves_the_one_below_as_it_was() {
    let mut model = ModelServer::new();
    let minji = model.minji;
    for n in 1..=6 {
        says(&mut model, minji, &n.to_string(), 0);
    }
    let mut screen = Screen::of(&model, 2);
    for _ in 0..4 {
        screen.load_older(&model, 2);
    }
    assert_eq!(
        screen.drawn(),
        [
            vec!["-- 1970-01-01", "Joined 민지", "Joined 준호"],
            vec!["me 1 10", "me 2 00"],
            vec!["me 3 00", "me 4 00"],
            vec!["me 5 00", "me 6 01"],
        ]
    );
}

#[test]
fn what_happened_stands_where_it_happened_and_breaks_a_group() {
    let mut model = ModelServer::new();
    let junho = model.junho;
    says(&mut model, junho, "하나", 0);
    says(&mut model, junho, "둘", 0);
    model.goes(junho);
    model.enter(junho, "준호");
    says(&mut model, junho, "셋", 0);
    assert_eq!(
        Screen::of(&model, 50).drawn(),
        [[
            "-- 1970-01-01",
            "Joined 민지",
            "Joined 준호",
            "them 하나 10",
            "them 둘 01",
            "Left 준호",
            "Joined 준호",
            "them 셋 11",
        ]]
    );
}

#[test]
fn members_who_have_deleted_their_account_are_called_what_the_reader_calls_such() {
    let mut model = ModelServer::new();
    let junho = model.junho;
    says(&mut model, junho, "하나", 0);
    model.forgets(junho);
    let mut rows = Screen::of(&model, 50).all_pages().into_values().flatten().rev();
    let Some((_, ListItem::Message(message))) = rows.next() else { panic!("no message") };
    assert_eq!((message.name.as_str(), message.left, message.text.as_str()), (LEFT, true, "하나"));
    let Some((_, ListItem::Event(event))) = rows.next() else { panic!("no event") };
    assert_eq!((event.kind, event.target.as_str()), (EventKind::Joined, LEFT));
}

#[test]
fn an_empty_room_is_one_empty_page() {
    let mut model = ModelServer::new();
    model.events.clear();
    assert_eq!(Screen::of(&model, 50).drawn(), [Vec::<String>::new()]);
}

#[test]
fn a_pending_message_and_the_stored_one_are_one_row() {
    let mut model = ModelServer::new();
    let minji = model.minji;
    let mut screen = Screen::of(&model, 50);
    // By the author's own clock it was written on the day before.
    screen.write(client_id(9), "안녕", DAY - 1);
    let ids = |screen: &Screen| {
        let rows = screen.rows_of(PageId(0));
        rows.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    let pending = ids(&screen);
    let mut stored = says(&mut model, minji, "안녕", DAY - 1);
    stored.client_id = client_id(9);
    screen.acknowledge(stored);
    assert_eq!(ids(&screen), pending);
    let mut later = Screen::of(&model, 50);
    later.write(client_id(10), "자정을 넘어", DAY);
    let own = ItemId::own(client_id(10));
    assert!(ids(&later).ends_with(&[own.day_above(), own]));
    let mut stored = says(&mut model, minji, "자정을 넘어", DAY);
    stored.client_id = client_id(10);
    later.acknowledge(stored);
    assert!(ids(&later).ends_with(&[own.day_above(), own]));
}

#[test]
fn a_date_that_occurs_twice_draws_every_message_once() {
    let mut model = ModelServer::new();
    let junho = model.junho;
    says(&mut model, junho, "하나", DAY);
    // The server's clock was set back, and then right again.
    says(&mut model, junho, "둘", 0);
    says(&mut model, junho, "셋", DAY);
    let mut screen = Screen::of(&model, 50);
    // The author's own clock is behind midnight.
    screen.write(client_id(9), "넷", 0);
    let rows = screen.rows_of(PageId(0));
    let ids = rows.iter().map(|(id, _)| *id).collect::<HashSet<_>>();
    assert_eq!(ids.len(), rows.len(), "{rows:?}");
    let days = rows.iter().filter(|(_, item)| matches!(item, ListItem::Day(_))).count();
    assert_eq!(days, 5);
}

#[test]
fn another_authors_client_id_is_not_mine() {
    let mut model = ModelServer::new();
    let (minji, junho) = (model.minji, model.junho);
    let mine = says(&mut model, minji, "나", 0);
    says(&mut model, junho, "나도", 0);
    model.messages[1].client_id = mine.client_id;
    let rows = Screen::of(&model, 50).rows_of(PageId(0));
    assert_eq!(rows.iter().map(|(id, _)| id).collect::<HashSet<_>>().len(), rows.len());
}

/// How many rows are compared with what is on the screen, and how many are drawn, at most, when one more message arrives in
/// a room with so many loaded.
fn rows_for_one_more(loaded: usize) -> (usize, usize) {
    let mut model = ModelServer::new();
    let junho = model.junho;
    let mut screen = Screen::of(&model, 50);
    for n in 0..loaded {
        let head = Rev(model.head);
        says(&mut model, junho, "안녕", i64::try_from(n).unwrap());
        let last = model.messages.last().cloned().into_iter().collect();
        let change = ChangeSet { messages: last, ..model.changes(Rev(model.head), 1) };
        screen.tell(ChangeSet { after: head, ..change });
    }
    assert_eq!(screen.timeline().messages().count(), loaded);
    let mut shown = screen.all_pages();
    drop(screen.take_changed_pages());
    let (mut compared, mut drawn) = (0, 0);
    for _ in 0..=PAGE_ITEMS {
        let head = Rev(model.head);
        says(&mut model, junho, "하나 더", 0);
        screen.tell(model.changes(head, 50));
        let (mut rows, mut new) = (0, 0);
        for page in screen.take_changed_pages() {
            let now = screen.rows_of(page);
            let before = shown.insert(page, now.clone()).unwrap_or_default();
            rows += now.len();
            new += now.iter().filter(|row| !before.contains(row)).count();
        }
        (compared, drawn) = (compared.max(rows), drawn.max(new));
    }
    (compared, drawn)
}

#[test]
fn one_more_message_costs_the_same_however_many_are_loaded() {
    let (compared, drawn) = rows_for_one_more(2 * PAGE_ITEMS);
    assert!(compared <= PAGE_ITEMS + 10, "{compared}");
    assert_eq!(drawn, 2, "the message, and the one before it, which no longer ends its group");
    assert_eq!(rows_for_one_more(10_000), (compared, drawn));
}

#[test]
fn a_message_that_waits_does_not_let_its_page_grow_for_ever() {
    let mut model = ModelServer::new();
    let junho = model.junho;
    let mut screen = Screen::of(&model, 50);
    screen.write(client_id(9), "못 보냄", 0);
    for _ in 0..3 * PAGE_ITEMS_WHILE_PENDING {
        let head = Rev(model.head);
        says(&mut model, junho, "안녕", 0);
        screen.tell(model.changes(head, 50));
    }
    let longest = screen.all_pages().values().map(Vec::len).max();
    assert!(longest <= Some(PAGE_ITEMS_WHILE_PENDING + 2), "{longest:?}");
}

#[test]
fn a_message_is_confirmed_in_the_page_in_which_it_was_written() {
    let mut model = ModelServer::new();
    let (minji, junho) = (model.minji, model.junho);
    let mut screen = Screen::of(&model, 50);
    screen.write(client_id(9), "가는 중", 0);
    for _ in 0..PAGE_ITEMS {
        let head = Rev(model.head);
        says(&mut model, junho, "안녕", 0);
        screen.tell(model.changes(head, 50));
    }
    let last =
        |screen: &Screen| screen.all_pages().pop_last().map(|(page, rows)| (page, rows.len()));
    let pending = last(&screen);
    let stored = says(&mut model, minji, "가는 중", 0);
    screen.acknowledge(Message { client_id: client_id(9), ..stored });
    assert_eq!(last(&screen), pending);
}

#[test]
fn what_comes_late_at_the_end_of_a_page_is_seen_by_the_next_one() {
    let mut model = ModelServer::new();
    let (minji, junho) = (model.minji, model.junho);
    let mut screen = Screen::of(&model, 50);
    let mut tell = |screen: &mut Screen, is_late: bool| {
        let head = Rev(model.head);
        says(&mut model, if is_late { minji } else { junho }, "말", 0);
        let changes = model.changes(head, 50);
        if !is_late {
            screen.tell(changes.clone());
        }
        changes
    };
    while screen.timeline().messages().count() + screen.timeline().events().len() < PAGE_ITEMS {
        tell(&mut screen, false);
    }
    let late = tell(&mut screen, true);
    tell(&mut screen, false);
    assert_eq!(screen.timeline().pages().count(), 2);
    let mut shown = screen.all_pages();
    drop(screen.take_changed_pages());
    screen.tell(late);
    for page in screen.take_changed_pages() {
        shown.insert(page, screen.rows_of(page));
    }
    assert_eq!(shown, screen.all_pages());
}

#[test]
fn what_was_written_in_the_past_is_shown_at_the_end() {
    let mut model = ModelServer::new();
    let junho = model.junho;
    for _ in 0..9 {
        says(&mut model, junho, "말", 0);
    }
    let mut screen = Screen::of(&model, 5);
    screen.client.open(model.page(PageAnchor::Around(Seq(5)), 4));
    drop(screen.take_changed_pages());
    screen.write(client_id(1), "지금", 60_000);
    assert!(!screen.drawn().concat().iter().any(|row| row.contains("지금")));
    drop(screen.take_changed_pages());
    let end = screen.timeline().end();
    let all = model.page(PageAnchor::After(end), 50);
    let nothing = HistoryPage { messages: Vec::new(), events: Vec::new(), ..all.clone() };
    for rest in [all, nothing] {
        let mut screen = screen.clone();
        let _ = screen.client.newer(end, rest);
        assert!(screen.take_changed_pages().contains(&screen.timeline().pages().last().unwrap()));
        assert_eq!(screen.drawn().concat().last().unwrap(), "me 지금 11");
    }
}

#[derive(Debug, Clone)]
enum Event {
    Says {
        own: bool,
        at: i64,
    },
    Writes {
        at: i64,
    },
    Stored,
    Fails,
    Retries,
    Edits(usize),
    Renames,
    Leaves,
    Returns,
    LoadsOlder,
    LoadsNewer,
    Resets,
    /// Goes to this place of the history.
    Jumps(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let at = || prop_oneof![Just(0), 0..3 * DAY, Just(DAY)];
    prop_oneof![
        8 => (any::<bool>(), at()).prop_map(|(own, at)| Event::Says { own, at }),
        4 => at().prop_map(|at| Event::Writes { at }),
        3 => Just(Event::Stored),
        1 => Just(Event::Fails),
        1 => Just(Event::Retries),
        2 => any::<usize>().prop_map(Event::Edits),
        1 => Just(Event::Renames),
        1 => Just(Event::Leaves),
        1 => Just(Event::Returns),
        2 => Just(Event::LoadsOlder),
        2 => Just(Event::LoadsNewer),
        1 => Just(Event::Resets),
        1 => (0i64..40).prop_map(Event::Jumps),
    ]
}

/// Answers what the browser is told of it.
fn happen(model: &mut ModelServer, screen: &mut Screen, event: &Event, nth: u128) -> ChangeSet {
    let (minji, junho) = (model.minji, model.junho);
    let head = Rev(model.head);
    let first = screen.client.outbox().entries().first().map(|entry| entry.message.clone());
    match (event, first) {
        (Event::Says { own, at }, _) => {
            says(model, if *own { minji } else { junho }, "말", *at);
        }
        (Event::Writes { at }, _) => screen.write(client_id(nth), "글", *at),
        (Event::Stored, Some(pending)) => {
            let message = says(model, minji, pending.text.as_str(), 2 * DAY);
            model.messages.last_mut().unwrap().client_id = pending.client_id;
            screen.acknowledge(Message { client_id: pending.client_id, ..message });
        }
        (Event::Fails, Some(pending)) => {
            screen.client.fail(pending.client_id, "왜냐하면".to_owned());
        }
        (Event::Retries, Some(pending)) => drop(screen.client.retry(pending.client_id, Millis(0))),
        (Event::Edits(which), _) => model.edit(*which, "고침"),
        (Event::Renames, _) => {
            model.rename(junho, if nth.is_multiple_of(2) { "주노" } else { "준호" });
        }
        (Event::Leaves, _) => model.goes(junho),
        (Event::Returns, _) => model.enter(junho, "준호"),
        (Event::LoadsOlder, _) => screen.load_older(model, 5),
        (Event::LoadsNewer, _) => screen.load_newer(model, 5),
        (Event::Jumps(seq), _) => {
            screen.client.open(model.page(PageAnchor::Around(Seq(*seq)), 5));
        }
        (Event::Resets, _) => screen.client.open(model.page(PageAnchor::Newest, 5)),
        (Event::Stored | Event::Fails | Event::Retries, None) => {}
    }
    model.changes(head, 50)
}

proptest! {
    /// Rendering what has changed is as good as rendering everything, and pages make no difference.
    #[test]
    fn pages_that_did_not_change_are_still_right(
        events in prop::collection::vec(event(), 1..60),
        before in 0usize..12,
        crowd in prop_oneof![0usize..9, PAGE_ITEMS - 9..PAGE_ITEMS + 9],
        late in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let mut model = ModelServer::new();
        for _ in 0..before {
            let junho = model.junho;
            says(&mut model, junho, "옛날", 0);
        }
        let mut screen = Screen::of(&model, 5);
        let mut shown = BTreeMap::new();
        let crowd = vec![Event::Says { own: false, at: 0 }; crowd];
        let events = crowd.iter().chain(&events).collect::<Vec<_>>();
        let late = late.iter().map(|index| index.index(events.len())).collect::<HashSet<_>>();
        let mut waiting = Vec::new();
        for (nth, event) in events.into_iter().enumerate() {
            let changes = happen(&mut model, &mut screen, event, 1_000_000 + nth as u128);
            waiting.insert(0, changes);
            if late.contains(&nth) {
                continue;
            }
            for changes in waiting.drain(..) {
                screen.tell(changes);
            }
            for page in screen.take_changed_pages() {
                shown.insert(page, screen.rows_of(page));
            }
            shown.retain(|page, _| screen.timeline().bounds(*page).is_some());
        }
        for changes in waiting {
            screen.tell(changes);
        }
        for page in screen.take_changed_pages() {
            shown.insert(page, screen.rows_of(page));
        }
        shown.retain(|page, _| screen.timeline().bounds(*page).is_some());
        prop_assert_eq!(&shown, &screen.all_pages());
        let rows = shown.into_values().flatten().collect::<Vec<_>>();
        let ids = rows.iter().map(|(id, _)| *id).collect::<HashSet<_>>();
        prop_assert_eq!(ids.len(), rows.len());
        let places = screen.timeline().messages().count() + screen.timeline().events().len();
        let items = rows.iter().filter(|(_, item)| !matches!(item, ListItem::Day(_)));
        let waiting = screen.client.outbox().entries().len();
        let waiting = if screen.timeline().has_newer() { 0 } else { waiting };
        prop_assert_eq!(items.count(), places + waiting);
        assert_groups(rows.into_iter().map(|(_, item)| item).collect());
    }
}

/// On any page: a group starts where the one before it ended, and a day starts one too.
fn assert_groups(items: Vec<ListItem>) {
    let mut ended = true;
    for item in &items {
        let ListItem::Message(message) = item else {
            assert!(ended, "{items:#?}");
            continue;
        };
        assert_eq!(message.starts_group, ended, "{items:#?}");
        ended = message.ends_group;
    }
    assert!(ended);
}
