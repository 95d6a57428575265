//! What waits for one connection. It holds no more memory than what waits in it: most connections are
//! silent most of the time, and there are thousands of them.

use super::Outgoing;
use domain::wire::CloseReason;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The connection's end.
#[derive(Debug)]
pub struct Receiver(Arc<Shared>);

/// The hub's end.
#[derive(Debug)]
pub(super) struct Sender(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    queued: Notify,
    ended: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    queue: VecDeque<Outgoing>,
    reason: Option<CloseReason>,
}

pub(super) fn queue() -> (Sender, Receiver) {
    let shared = Arc::<Shared>::default();
    (Sender(shared.clone()), Receiver(shared))
}

impl Receiver {
    /// What comes next, in the order in which it was published. Nothing is lost when it is not waited for.
    pub async fn recv(&self) -> Outgoing {
        loop {
            if let Some(next) = self.try_recv() {
                return next;
            }
            self.0.queued.notified().await;
        }
    }

    /// What comes next, if it is there.
    #[must_use]
    pub fn try_recv(&self) -> Option<Outgoing> {
        let mut waiting = self.0.waiting();
        let next = waiting.queue.pop_front();
        if waiting.queue.is_empty() {
            waiting.queue = VecDeque::new();
        }
        next
    }

    /// Why the connection has to end. From then on nothing more is told to it.
    pub async fn closed(&self) -> CloseReason {
        loop {
            if let Some(reason) = self.close_reason() {
                return reason;
            }
            self.0.ended.notified().await;
        }
    }

    /// Why the connection has to end, if it has to.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.0.waiting().reason
    }
}

impl Sender {
    pub(super) fn send(&self, next: Outgoing) {
        self.0.waiting().queue.push_back(next);
        self.0.queued.notify_one();
    }

    pub(super) fn close(&self, reason: CloseReason) {
        self.0.waiting().reason = Some(reason);
        self.0.ended.notify_one();
    }

    /// How much is waiting.
    pub(super) fn len(&self) -> usize {
        self.0.waiting().queue.len()
    }
}

impl Shared {
    /// A panic while the lock was held leaves a queue that is still whole.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
