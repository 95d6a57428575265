//! What waits for one connection. It holds no more memory than what waits in it: most connections are
//! silent most of the time, and there are thousands of them.

use super::Told;
use domain::wire::Farewell;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The connection's end.
#[derive(Debug)]
pub struct Line(Arc<Shared>);

/// The hub's end.
#[derive(Debug)]
pub(super) struct Feed(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    told: Notify,
    ended: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    told: VecDeque<Told>,
    farewell: Option<Farewell>,
}

pub(super) fn line() -> (Feed, Line) {
    let shared = Arc::<Shared>::default();
    (Feed(shared.clone()), Line(shared))
}

impl Line {
    /// What comes next, in the order in which it was published. Nothing is lost when it is not waited for.
    pub async fn told(&self) -> Told {
        loop {
            if let Some(told) = self.already_told() {
                return told;
            }
            self.0.told.notified().await;
        }
    }

    /// What comes next, if it is there.
    #[must_use]
    pub fn already_told(&self) -> Option<Told> {
        let mut waiting = self.0.waiting();
        let told = waiting.told.pop_front();
        if waiting.told.is_empty() {
            waiting.told = VecDeque::new();
        }
        told
    }

    /// Why the connection has to end. From then on nothing more is told to it.
    pub async fn farewell(&self) -> Farewell {
        loop {
            if let Some(farewell) = self.already_ended() {
                return farewell;
            }
            self.0.ended.notified().await;
        }
    }

    /// Why the connection has to end, if it has to.
    #[must_use]
    pub fn already_ended(&self) -> Option<Farewell> {
        self.0.waiting().farewell
    }
}

impl Feed {
    pub(super) fn tell(&self, told: Told) {
        self.0.waiting().told.push_back(told);
        self.0.told.notify_one();
    }

    pub(super) fn end(&self, farewell: Farewell) {
        self.0.waiting().farewell = Some(farewell);
        self.0.ended.notify_one();
    }

    /// How much is waiting.
    pub(super) fn len(&self) -> usize {
        self.0.waiting().told.len()
    }
}

impl Shared {
    /// A panic while the lock was held leaves a queue that is still whole.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
