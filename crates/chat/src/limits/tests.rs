//! Limits under a clock that the test sets.

use super::*;
use domain::clock::Millis;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use uuid::Uuid;

fn user() -> UserId {
    UserId::from_uuid(Uuid::new_v4())
}

fn limits() -> (Limits, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(1_795_359_600_000));
    let hands = clock.clone();
    let now: Now = Arc::new(move || Millis(hands.load(Ordering::Relaxed)));
    (Limits::new(RateLimits::On, now), clock)
}

#[test]
fn the_thirty_first_message_at_once_is_told_to_wait() {
    let (limits, clock) = limits();
    let (minji, junho) = (user(), user());
    let refused = (0..31).filter(|_| limits.post(minji, 10).is_err()).count();
    assert_eq!(refused, 1);
    assert_eq!(limits.post(minji, 10), Err(AppError::SlowDown { seconds: 1 }));
    assert_eq!(limits.post(junho, 10), Ok(()), "one user's haste is counted for that user alone");
    clock.fetch_add(200, Ordering::Relaxed);
    assert_eq!(limits.post(minji, 10), Ok(()));
    assert!(limits.post(minji, 10).is_err(), "one in 200 ms");
}

#[test]
fn every_action_allows_its_burst_and_then_its_rate() {
    for action in LimitedAction::ALL {
        let (limits, clock) = limits();
        let (subject, Rate { burst, interval_millis }) = (user(), action.rate());
        for n in 0..burst {
            assert_eq!(limits.take(action, subject), Ok(()), "{action:?} {n}");
        }
        for _ in 0..3 {
            assert!(limits.take(action, subject).is_err(), "{action:?}");
            clock.fetch_add(interval_millis, Ordering::Relaxed);
            assert_eq!(limits.take(action, subject), Ok(()), "{action:?}");
        }
    }
}

#[test]
fn what_is_given_back_has_not_been_counted() {
    let (limits, _) = limits();
    let subject = Subject::User(user());
    let counted = || vec![(LimitedAction::FailedPassword, subject)];
    for _ in 0..100 {
        limits.reserve(counted()).unwrap_or_else(|_| panic!("never refused")).give_back();
    }
    let kept = (0..100).filter(|_| limits.reserve(counted()).is_ok()).count();
    assert_eq!(kept, 10, "what is dropped stays counted");
}

#[test]
fn a_refused_reservation_counts_nothing() {
    let (limits, _) = limits();
    let (exhausted, other) = (Subject::User(user()), Subject::User(user()));
    let action = LimitedAction::FailedPassword;
    for _ in 0..10 {
        assert!(limits.take(action, exhausted).is_ok());
    }
    for _ in 0..20 {
        assert!(limits.reserve(vec![(action, other), (action, exhausted)]).is_err());
    }
    assert!(limits.take(action, other).is_ok());
}

#[test]
fn a_clock_that_is_set_back_keeps_out_for_no_longer_than_a_full_bucket() {
    let (limits, clock) = limits();
    let minji = user();
    for _ in 0..30 {
        assert!(limits.take(LimitedAction::PostMessage, minji).is_ok());
    }
    clock.fetch_sub(24 * 60 * 60 * 1_000, Ordering::Relaxed);
    assert!(limits.take(LimitedAction::PostMessage, minji).is_err());
    clock.fetch_add(200, Ordering::Relaxed);
    assert_eq!(limits.take(LimitedAction::PostMessage, minji), Ok(()));
}
