use super::*;
use crate::{
    clock::Millis,
    ids::{ClientId, MessageId},
    messages::{MessageText, Rev},
};
use proptest::prelude::*;
use uuid::Uuid;

fn uuid(n: i64) -> Uuid {
    Uuid::from_u128(n.unsigned_abs().into())
}

fn room_id(n: i64) -> RoomId {
    RoomId::from_uuid(uuid(n))
}

fn me() -> UserId {
    UserId::from_uuid(uuid(100))
}

fn room(n: i64) -> RoomSummary {
    RoomSummary {
        id: room_id(n),
        title: None,
        with: None,
        avatar: None,
        last: None,
        active_at: Millis(0),
        unread: 0,
        invited_by: None,
    }
}

/// A message in this room, the nth of all.
fn says(room: i64, own: bool, nth: i64) -> ChangeSet {
    let message = Message {
        id: MessageId::from_uuid(uuid(nth)),
        client_id: ClientId::from_uuid(uuid(nth)),
        author: if own { me() } else { UserId::from_uuid(uuid(101)) },
        text: MessageText::parse(&format!("{nth}번째")).unwrap(),
        at: Millis(nth),
        seq: Seq(nth),
        rev: Rev(nth),
    };
    let changes = ChangeSet::empty(room_id(room), Rev(nth - 1), Rev(nth));
    ChangeSet { messages: vec![message], ..changes }
}

fn hear(list: &mut RoomList, changes: &ChangeSet) {
    assert!(list.apply(changes));
}

/// What the server would answer after all these.
fn stored(change_sets: &[ChangeSet]) -> Vec<RoomSummary> {
    let mut list = RoomList::new(Some(me()), (1..=3).map(room).collect());
    for changes in change_sets {
        hear(&mut list, changes);
    }
    list.rooms
}

#[test]
fn an_answer_does_not_undo_what_was_heard_after_it_was_read() {
    let first = says(1, false, 1);
    let mut list = RoomList::new(Some(me()), stored(std::slice::from_ref(&first)));
    assert!(list.request());
    let read_by_the_server = stored(std::slice::from_ref(&first));
    let second = says(2, false, 2);
    hear(&mut list, &second);
    assert!(!list.answered(Some(read_by_the_server)));
    assert_eq!(list.rooms(), stored(&[first, second]));
}

#[test]
fn what_was_read_here_stays_read_though_the_server_does_not_know_yet() {
    let first = says(1, false, 1);
    let mut list = RoomList::new(Some(me()), stored(std::slice::from_ref(&first)));
    assert!(list.request());
    list.show(Some(room_id(1)));
    list.show(None);
    assert!(!list.answered(Some(stored(std::slice::from_ref(&first)))));
    assert_eq!(list.rooms()[0].unread, 0);
    let second = says(1, false, 2);
    assert!(list.request());
    assert!(!list.answered(Some(stored(&[first, second]))));
    assert!(list.rooms()[0].unread > 0, "of what came since nothing was read");
}

#[test]
fn one_request_is_in_flight_and_one_more_follows_it() {
    let mut list = RoomList::new(Some(me()), Vec::new());
    assert!(list.request());
    assert!(!list.request());
    assert!(!list.request());
    assert!(list.answered(Some(Vec::new())));
    assert!(!list.answered(Some(Vec::new())));
    assert!(list.request());
    assert!(!list.request());
    assert!(!list.answered(None), "what cannot be asked now is not asked again at once");
    assert!(list.request());
}

#[test]
fn a_room_that_is_not_in_the_list_is_asked_for() {
    let mut list = RoomList::new(Some(me()), vec![room(1)]);
    assert!(!list.apply(&says(2, false, 1)));
    assert_eq!(list.rooms(), [room(1)]);
}

proptest! {
    /// However old the answers are, and whatever is delivered between request and answer, the list is in the
    /// end what is stored.
    #[test]
    fn answers_of_any_age_converge(
        said in prop::collection::vec((1i64..=3, any::<bool>()), 1..20),
        steps in prop::collection::vec((any::<prop::sample::Index>(), 0u8..4), 0..40),
    ) {
        let change_sets = (1i64..).zip(&said).map(|(nth, (room, own))| says(*room, *own, nth));
        let change_sets = change_sets.collect::<Vec<_>>();
        let mut list = RoomList::new(Some(me()), stored(&[]));
        let (mut heard, mut asked_at) = (0, None);
        for (age, step) in steps {
            match (step, asked_at) {
                (0, None) if list.request() => asked_at = Some(heard),
                (1, Some(since)) => {
                    let read = since + age.index(change_sets.len() - since + 1);
                    let again = list.answered(Some(stored(&change_sets[..read])));
                    prop_assert!(!again);
                    asked_at = None;
                }
                _ if heard < change_sets.len() => {
                    hear(&mut list, &change_sets[heard]);
                    heard += 1;
                }
                _ => {}
            }
        }
        for changes in &change_sets[heard..] {
            hear(&mut list, changes);
        }
        if asked_at.is_some() {
            prop_assert!(!list.answered(Some(stored(&change_sets[..asked_at.unwrap()]))));
        }
        prop_assert_eq!(list.rooms(), stored(&change_sets));
    }
}
