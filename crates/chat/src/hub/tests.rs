//! A hub whose connections are read by the test.

use super::*;
use domain::wire::Cursor;
use std::collections::BTreeMap;
use uuid::Uuid;

fn change(room: RoomId, rev: i64) -> ChangeSet {
    ChangeSet::empty(room, Rev(rev - 1), Rev(rev))
}

fn ids() -> (UserId, SessionId, RoomId) {
    let uuid = Uuid::new_v4;
    (UserId::from_uuid(uuid()), SessionId::from_uuid(uuid()), RoomId::from_uuid(uuid()))
}

/// In order, so that nothing waits.
fn publishes(hub: &Hub, set: ChangeSet) {
    assert_eq!(hub.publish(set), None);
}

fn is_told(subscription: &Subscription) -> bool {
    matches!(subscription.receiver.try_recv(), Some(Outgoing::Frame(_)))
}

#[test]
fn only_those_in_the_room_are_told() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let inside = hub.connect(minji, session).unwrap();
    assert!(inside.handle.subscribe([(room, Rev(0))], 0).is_some());
    let (junho, session, _) = ids();
    let outside = hub.connect(junho, session).unwrap();
    publishes(&hub, change(room, 1));
    assert!(is_told(&inside));
    assert!(!is_told(&outside));
    hub.subscribe(junho, room);
    publishes(&hub, change(room, 2));
    assert!(is_told(&outside));
}

#[test]
fn a_slow_reader_learns_what_it_missed_and_nobody_else_notices() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let slow = hub.connect(minji, session).unwrap();
    let (junho, session, _) = ids();
    let quick = hub.connect(junho, session).unwrap();
    assert!(slow.handle.subscribe([(room, Rev(0))], 0).is_some());
    assert!(quick.handle.subscribe([(room, Rev(0))], 0).is_some());
    let most = i64::try_from(MAX_QUEUED).unwrap();
    for n in 1..=most + 10 {
        publishes(&hub, change(room, n));
        assert!(is_told(&quick));
    }
    let taken = std::iter::from_fn(|| Some(is_told(&slow))).take_while(|told| *told).count();
    assert_eq!(taken, MAX_QUEUED - 1, "all that came before the sign, which was taken after them");
    assert_eq!(slow.handle.take_lag(), BTreeMap::from([(room, Rev(most - 1))]));

    publishes(&hub, change(room, most + 11));
    assert!(!is_told(&slow), "it is still reading what it missed");
    assert_eq!(slow.handle.take_lag(), BTreeMap::from([(room, Rev(most + 10))]));
    assert!(slow.handle.take_lag().is_empty());
    publishes(&hub, change(room, most + 12));
    assert!(is_told(&slow), "and is in step again");
}

#[test]
fn one_person_cannot_take_every_connection() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let held: Vec<_> = std::iter::repeat_with(|| hub.connect(minji, session))
        .take(MAX_CONNECTIONS)
        .flatten()
        .inspect(|subscription| {
            assert!(subscription.handle.subscribe([(room, Rev(0))], 0).is_some());
        })
        .collect();
    assert_eq!(held.len(), MAX_CONNECTIONS);
    assert!(hub.connect(minji, session).is_none());
    drop(held);
    assert!(hub.state().by_room.is_empty() && hub.state().by_user.is_empty());
}

fn told(subscription: &Subscription) -> Vec<(Rev, Rev)> {
    let frames = std::iter::from_fn(|| subscription.receiver.try_recv());
    let sets = frames.map(|told| {
        let Outgoing::Frame(frame) = told else { panic!("it missed something") };
        let Ok(ServerFrame::Changes(set)) = serde_json::from_slice(&frame) else { panic!() };
        (set.after, set.through)
    });
    sets.collect()
}

#[test]
fn what_comes_early_waits_for_what_comes_before_it() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let inside = hub.connect(minji, session).unwrap();
    assert!(inside.handle.subscribe([(room, Rev(7))], 0).is_some());
    let wait = hub.publish(change(room, 10)).expect("it comes early");
    assert_eq!(hub.publish(change(room, 9)), None, "the wait goes on");
    assert_eq!(told(&inside), []);
    publishes(&hub, change(room, 8));
    let in_order = (7..10).map(|n| (Rev(n), Rev(n + 1))).collect::<Vec<_>>();
    assert_eq!(told(&inside), in_order);
    hub.time_out(wait);
    assert_eq!(told(&inside), [], "the wait has ended already");
    let another = hub.publish(change(room, 12));
    assert_ne!(another, Some(wait));
    hub.time_out(wait);
    assert_eq!(told(&inside), []);
    publishes(&hub, change(room, 11));
    assert_eq!(told(&inside).len(), 2);
}

#[test]
fn what_never_comes_is_read_from_the_database() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let inside = hub.connect(minji, session).unwrap();
    assert!(inside.handle.subscribe([(room, Rev(7))], 0).is_some());
    let wait = hub.publish(change(room, 10)).expect("it comes early");
    hub.time_out(wait);
    assert!(matches!(inside.receiver.try_recv(), Some(Outgoing::Lagged)), "and no content");
    assert_eq!(inside.handle.take_lag(), BTreeMap::from([(room, Rev(7))]));
    assert!(inside.handle.take_lag().is_empty());
    publishes(&hub, change(room, 11));
    publishes(&hub, change(room, 9));
    assert_eq!(told(&inside), [(Rev(10), Rev(11)), (Rev(8), Rev(9))], "late is better than never");
}

#[test]
fn what_is_sent_between_the_look_at_a_room_and_the_subscription_is_no_head() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let at = |after| Cursor { room, after };
    hub.open_room(room, Rev(7));
    let quick = hub.connect(minji, session).unwrap();
    let heads = quick.handle.subscribe([(room, Rev(7))], 0).unwrap();
    assert!(heads.is_at(at(Rev(7))) && !heads.is_at(at(Rev(6))));
    publishes(&hub, change(room, 8));
    let late = hub.connect(minji, session).unwrap();
    let heads = late.handle.subscribe([(room, Rev(7))], 0).unwrap();
    assert!(!heads.is_at(at(Rev(7))), "the eighth was not sent to this one");
    let early = hub.connect(minji, session).unwrap();
    let heads = early.handle.subscribe([(room, Rev(9))], 0).unwrap();
    assert!(heads.is_at(at(Rev(9))), "committed, and told later, once more");
}

#[test]
fn only_so_much_waits() {
    let hub = Hub::default();
    let (minji, session, room) = ids();
    let inside = hub.connect(minji, session).unwrap();
    assert!(inside.handle.subscribe([(room, Rev(0))], 0).is_some());
    for n in 2..=65 {
        let _ = hub.publish(change(room, n));
        assert!(inside.receiver.try_recv().is_none());
    }
    let _ = hub.publish(change(room, 66));
    assert!(matches!(inside.receiver.try_recv(), Some(Outgoing::Lagged)));
    assert_eq!(inside.handle.take_lag(), BTreeMap::from([(room, Rev(0))]));
}
