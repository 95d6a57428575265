//! A hub with nobody behind its connections.

use super::*;
use uuid::Uuid;

fn change(room: RoomId, rev: i64) -> Batch {
    Batch::empty(room, Rev(rev - 1), Rev(rev))
}

fn ids() -> (PersonId, SessionId, RoomId) {
    let uuid = Uuid::new_v4;
    (PersonId::from_uuid(uuid()), SessionId::from_uuid(uuid()), RoomId::from_uuid(uuid()))
}

fn is_told(subscription: &Subscription) -> bool {
    matches!(subscription.line.already_told(), Some(Told::Frame(_)))
}

#[test]
fn only_those_in_the_room_are_told() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let inside = hub.subscribe(minji, session).unwrap();
    assert!(inside.ticket.follow([room], 0));
    let (junho, session, _) = ids();
    let outside = hub.subscribe(junho, session).unwrap();
    hub.publish(change(room, 1));
    assert!(is_told(&inside));
    assert!(!is_told(&outside));
    hub.follow(junho, room);
    hub.publish(change(room, 2));
    assert!(is_told(&outside));
}

#[test]
fn a_slow_reader_learns_what_it_missed_and_nobody_else_notices() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let slow = hub.subscribe(minji, session).unwrap();
    let (junho, session, _) = ids();
    let quick = hub.subscribe(junho, session).unwrap();
    assert!(slow.ticket.follow([room], 0));
    assert!(quick.ticket.follow([room], 0));
    let most = i64::try_from(QUEUE).unwrap();
    for n in 1..=most + 10 {
        hub.publish(change(room, n));
        assert!(is_told(&quick));
    }
    let taken = std::iter::from_fn(|| Some(is_told(&slow))).take_while(|told| *told).count();
    assert_eq!(taken, QUEUE - 1, "all that came before the sign, which was taken after them");
    assert_eq!(slow.ticket.missed(), BTreeMap::from([(room, Rev(most - 1))]));

    hub.publish(change(room, most + 11));
    assert!(!is_told(&slow), "it is still reading what it missed");
    assert_eq!(slow.ticket.missed(), BTreeMap::from([(room, Rev(most + 10))]));
    assert!(slow.ticket.missed().is_empty());
    hub.publish(change(room, most + 12));
    assert!(is_told(&slow), "and is in step again");
}

#[test]
fn one_person_cannot_take_every_connection() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let held: Vec<_> = std::iter::repeat_with(|| hub.subscribe(minji, session))
        .take(CONNECTIONS_MOST)
        .flatten()
        .inspect(|subscription| assert!(subscription.ticket.follow([room], 0)))
        .collect();
    assert_eq!(held.len(), CONNECTIONS_MOST);
    assert!(hub.subscribe(minji, session).is_none());
    drop(held);
    assert!(hub.state().by_room.is_empty() && hub.state().by_person.is_empty());
}
