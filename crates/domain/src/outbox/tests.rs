//! What waits, stored and taken up.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn outbox() -> Outbox {
    Outbox::new(UserId::from_uuid(Uuid::from_u128(1)))
}

fn message(n: u128) -> NewMessage {
    let client_id = ClientId::from_uuid(Uuid::from_u128(n));
    NewMessage { client_id, text: MessageText::parse("안녕").unwrap() }
}

fn room(n: u128) -> RoomId {
    RoomId::from_uuid(Uuid::from_u128(n))
}

fn is_sending(outbox: &Outbox) -> Vec<bool> {
    outbox.entries().iter().map(|entry| entry.state == SendState::Sending).collect()
}

#[test]
fn each_room_has_its_own_in_their_order() {
    let mut outbox = outbox();
    for (of, n) in [(1, 10), (2, 20), (1, 11)] {
        outbox.submit(room(of), message(n), Millis(0));
    }
    let ids = |of| outbox.of(room(of)).map(|entry| entry.message.clone()).collect::<Vec<_>>();
    assert_eq!((ids(1), ids(2)), (vec![message(10), message(11)], vec![message(20)]));
}

#[test]
fn what_was_refused_is_sent_again_or_discarded() {
    let mut outbox = outbox();
    let id = message(5).client_id;
    outbox.submit(room(1), message(5), Millis(0));
    outbox.submit(room(1), message(6), Millis(1));
    assert_eq!(outbox.fail(id, "거절당했어요".to_owned()), Some(room(1)));
    assert_eq!(is_sending(&outbox), [false, true]);
    assert_eq!(outbox.retry(id, Millis(2)).map(|entry| &entry.message), Some(&message(5)));
    assert_eq!(is_sending(&outbox), [true, true]);
    assert_eq!(outbox.entries().last().unwrap().message, message(5), "as if submitted now");
    assert_eq!(outbox.discard(id).unwrap().message, message(5));
    assert_eq!((outbox.discard(id), outbox.entries().len()), (None, 1));
}

#[test]
fn what_has_waited_for_a_day_waits_for_the_user() {
    let mut outbox = outbox();
    for (n, at) in [(5, 0), (6, 1), (7, 2)] {
        outbox.submit(room(n), message(n), Millis(at));
    }
    let _ = outbox.fail(message(5).client_id, "거절당했어요".to_owned());
    let (a_day, more) = (Millis(MAX_WAIT_MILLIS + 1), Millis(MAX_WAIT_MILLIS + 2));
    assert_eq!(outbox.expire(a_day, "늦었어요"), [], "a day, to the millisecond");
    assert_eq!(outbox.expire(more, "늦었어요"), [room(6)]);
    assert_eq!(is_sending(&outbox), [false, false, true]);
    assert_eq!(outbox.expire(more, "늦었어요"), [], "once");
    let _ = outbox.retry(message(6).client_id, more);
    assert_eq!(outbox.expire(more, "늦었어요"), [], "they have been asked");
}

#[test]
fn what_another_client_has_sent_or_discarded_waits_no_longer() {
    let (mut here, mut there) = (outbox(), outbox());
    for n in [5, 6] {
        here.submit(room(n), message(n), Millis(0));
    }
    assert_eq!(there.take_up(here.entries().to_vec()), [room(5), room(6)]);
    let _ = there.discard(message(5).client_id);
    there.submit(room(7), message(7), Millis(0));
    assert_eq!(here.take_up(there.entries().to_vec()), [room(5), room(7)]);
    assert_eq!(here.entries(), there.entries());
    assert!(here.take_changed() && !here.take_changed());
    assert_eq!(here.take_up(there.entries().to_vec()), []);
    assert!(!here.take_changed(), "nothing is otherwise");
}

/// What a browser has stored is read by every later version of the page.
#[test]
fn a_stored_entry_is_read() {
    let fields = "00000000-0000-0000-0000-000000000001 00000000-0000-0000-0000-000000000005 3 2";
    let entry = OutboxEntry::from_text(&format!("{fields} sending\n\n안녕")).unwrap();
    assert_eq!((entry.room, &entry.message), (room(1), &message(5)));
    assert_eq!((entry.at, entry.nth, entry.state), (Millis(3), 2, SendState::Sending));
    let entry = OutboxEntry::from_text(&format!("{fields} failed\n왜냐하면\n안녕")).unwrap();
    assert_eq!(entry.state, SendState::Failed { sentence: "왜냐하면".to_owned() });
    for other in [
        "",
        "{}",
        "sending\n\n안녕",
        &format!("{fields} lost\n\n안녕"),
        &format!("{fields} sending\n\n"),
    ] {
        assert_eq!(OutboxEntry::from_text(other), None, "{other}");
    }
}

proptest! {
    #[test]
    fn it_is_read_back_as_it_was_stored(raw in "\\PC{0,20}(\n\\PC{0,20}){0,3}", reason in "[^\n]{0,20}", at in any::<i64>()) {
        let Ok(text) = MessageText::parse(&raw) else { return Ok(()) };
        let mut outbox = outbox();
        outbox.submit(room(1), NewMessage { text, ..message(5) }, Millis(at));
        for is_refused in [false, true] {
            if is_refused {
                let _ = outbox.fail(message(5).client_id, reason.clone());
            }
            let read: Vec<_> = outbox.entries().iter().map(|it| OutboxEntry::from_text(&it.to_text()).unwrap()).collect();
            prop_assert_eq!(outbox.entries(), read);
        }
    }

    /// Whatever was stored of an outbox, in whatever order it is read.
    #[test]
    fn what_is_taken_up_stands_once_in_the_order_of_submission(
        ats in prop::collection::vec(0_i64..5, 0..12),
        turn in any::<prop::sample::Index>(),
    ) {
        let mut whole = outbox();
        for (n, at) in (0..).zip(&ats) {
            whole.submit(room(n % 3), message(n), Millis(*at));
        }
        let mut stored: Vec<_> = whole.entries().iter().map(OutboxEntry::to_text).collect();
        if !stored.is_empty() {
            stored.rotate_left(turn.index(ats.len()));
        }
        let mut again = outbox();
        let read = || stored.iter().map(|it| OutboxEntry::from_text(it).unwrap()).collect();
        prop_assert_eq!(again.take_up(read()).len(), ats.len());
        prop_assert_eq!(again.entries(), whole.entries());
        prop_assert_eq!(again.take_up(read()), []);
    }
}
