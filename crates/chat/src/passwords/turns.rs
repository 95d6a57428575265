//! Whose password is hashed next. Clients that have proven something (a session, a known device, a reset link)
//! come before strangers, and strangers are served fairly by address.

use crate::{
    fair_queue::FairQueue,
    limits::{address_block, network},
};
use domain::{error::AppError, ids::UserId};
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{sync::oneshot, time::timeout};

/// Strangers that may wait, and known users beside them.
const MAX_STRANGERS: usize = 512;
const MAX_KNOWN: usize = 256;
/// So that a request with two hashes is answered before it is ended.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// One turn in so many goes to strangers first, so that known users do not starve them.
const STRANGERS_TURN: u64 = 4;
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// For whom a password is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Has a session, a known device or a reset link of this user.
    Known(UserId),
    Stranger(IpAddr),
}

#[derive(Clone)]
pub(super) struct Turns(Arc<Mutex<State>>);

struct State {
    free: usize,
    begun: u64,
    known: FairQueue<UserId, oneshot::Sender<Turn>>,
    strangers: FairQueue<IpAddr, oneshot::Sender<Turn>>,
    refused: u64,
    logged_at: Option<Instant>,
}

/// The right to hash one password; dropping it gives the turn to the next.
pub(super) struct Turn(Option<Turns>);

impl Turns {
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            free: at_once,
            begun: 0,
            known: FairQueue::new(MAX_KNOWN),
            strangers: FairQueue::new(MAX_STRANGERS),
            refused: 0,
            logged_at: None,
        })))
    }

    /// Waits for a turn. [`AppError::Busy`] when others have a better right to the places in the queue, or when it
    /// takes too long.
    pub async fn wait(&self, caller: Caller) -> Result<Turn, AppError> {
        let (sender, turn) = oneshot::channel();
        // What loses its place is dropped here, which tells its client.
        let begins = self.lock().enter(caller, sender);
        if begins {
            return Ok(Turn(Some(self.clone())));
        }
        let Ok(Ok(turn)) = timeout(MAX_WAIT, turn).await else {
            self.lock().log_refusal();
            return Err(AppError::Busy);
        };
        Ok(turn)
    }

    fn pass_on(self) {
        loop {
            let Some(next) = self.lock().next() else { return };
            match next.send(Turn(Some(self.clone()))) {
                Ok(()) => return,
                // Its client has gone; the turn is still ours.
                Err(mut turn) => drop(turn.0.take()),
            }
        }
    }

    /// A panic while the lock was held leaves a state that is still whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// True when the turn begins at once.
    fn enter(&mut self, caller: Caller, sender: oneshot::Sender<Turn>) -> bool {
        if self.free > 0 {
            self.free -= 1;
            self.begun += 1;
            return true;
        }
        match caller {
            Caller::Known(user) => {
                make_room(&mut self.known);
                drop(self.known.push(user, user, sender));
            }
            Caller::Stranger(address) => {
                make_room(&mut self.strangers);
                let (client, group) = (address_block(address), network(address));
                drop(self.strangers.push(client, group, sender));
            }
        }
        false
    }

    /// Who is next. When no one waits the turn is free again.
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        self.begun += 1;
        let next = if self.begun.is_multiple_of(STRANGERS_TURN) {
            self.strangers.pop().or_else(|| self.known.pop())
        } else {
            self.known.pop().or_else(|| self.strangers.pop())
        };
        if next.is_none() {
            self.free += 1;
        }
        next
    }

    /// A flood of refusals is not a flood of log lines.
    fn log_refusal(&mut self) {
        self.refused += 1;
        if self.logged_at.is_some_and(|at| at.elapsed() < LOG_INTERVAL) {
            return;
        }
        tracing::info!(
            target: "security",
            event = "refused_by_limit",
            action = "password queue",
            count = self.refused,
        );
        self.logged_at = Some(Instant::now());
        self.refused = 0;
    }
}

/// Clients that have gone give their places back when these are needed.
fn make_room<K: std::hash::Hash + Eq + Copy>(queue: &mut FairQueue<K, oneshot::Sender<Turn>>) {
    if queue.is_full() {
        queue.retain(|sender| !sender.is_closed());
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.0.take() {
            turns.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{net::Ipv4Addr, pin::pin, task::Poll};
    use uuid::Uuid;

    fn stranger(n: u32) -> Caller {
        Caller::Stranger(IpAddr::V4(Ipv4Addr::from_bits(0x0A00_0000 + n)))
    }

    fn known() -> Caller {
        Caller::Known(UserId::from_uuid(Uuid::new_v4()))
    }

    /// A client that waits, in the order in which it has asked.
    async fn asks(
        turns: &Turns,
        caller: Caller,
    ) -> tokio::task::JoinHandle<Result<Turn, AppError>> {
        let turns = turns.clone();
        let waiting = tokio::spawn(async move { turns.wait(caller).await });
        tokio::task::yield_now().await;
        waiting
    }

    #[tokio::test]
    async fn a_flood_from_many_addresses_lets_an_honest_client_through() {
        let turns = Turns::new(1);
        let first = turns.wait(stranger(1)).await.unwrap();
        let mut flood = Vec::new();
        for n in 0..4_200 {
            flood.push(asks(&turns, stranger(n % 210)).await);
        }
        let refused = flood.iter().filter(|waiting| waiting.is_finished()).count();
        assert_eq!(refused, 4_200 - MAX_STRANGERS, "the rest is told so at once");
        let honest = asks(&turns, stranger(0x00FF_0000)).await;
        drop(first);
        let mut served_before = 0;
        while !honest.is_finished() {
            tokio::task::yield_now().await;
            // Each of the flood gives its turn on as soon as it has it.
            let (done, waiting): (Vec<_>, Vec<_>) =
                flood.into_iter().partition(tokio::task::JoinHandle::is_finished);
            flood = waiting;
            for each in done {
                served_before += usize::from(each.await.unwrap().is_ok());
            }
        }
        assert!(honest.await.unwrap().is_ok());
        assert!(served_before <= 211, "{served_before}");
    }

    #[tokio::test]
    async fn known_users_come_before_strangers_who_still_get_every_fourth_turn() {
        let turns = Turns::new(1);
        let mut turn = turns.wait(stranger(1)).await.unwrap();
        let mut waiting = Vec::new();
        for n in 0..20 {
            waiting.push((false, asks(&turns, stranger(n * 256)).await));
        }
        for _ in 0..20 {
            waiting.push((true, asks(&turns, known()).await));
        }
        let mut order = Vec::new();
        while !waiting.is_empty() {
            drop(turn);
            tokio::task::yield_now().await;
            let next = waiting.iter().position(|(_, each)| each.is_finished()).unwrap();
            let (is_known, each) = waiting.remove(next);
            order.push(is_known);
            turn = each.await.unwrap().unwrap();
        }
        let first: Vec<bool> = order.iter().copied().take(8).collect();
        assert_eq!(first.iter().filter(|is_known| **is_known).count(), 6, "{order:?}");
    }

    #[tokio::test]
    async fn who_has_gone_keeps_no_turn() {
        let turns = Turns::new(2);
        let one = turns.wait(stranger(1)).await.unwrap();
        let two = turns.wait(known()).await.unwrap();
        let mut waiting = Vec::new();
        for n in 0..100 {
            waiting.push(asks(&turns, stranger(n)).await);
        }
        for each in waiting {
            each.abort();
            assert!(each.await.is_err());
        }
        let next = turns.wait(stranger(7));
        let mut next = pin!(next);
        let is_pending =
            std::future::poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx).is_pending()));
        assert!(is_pending.await);
        drop(one);
        drop(two);
        let third = next.await.unwrap();
        let fourth = turns.wait(stranger(8)).await.unwrap();
        drop((third, fourth));
        assert_eq!(turns.lock().free, 2, "no turn is lost");
    }
}
