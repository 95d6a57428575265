//! Turns at something of which there is one: in the order of the users, not of what they brought. However much
//! one user has waiting, another waits for one thing of theirs.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// Cheap to clone.
pub struct Turns<K>(Arc<Mutex<Queue<K>>>);

struct Queue<K> {
    taken: bool,
    /// Each user once, with what they have waiting.
    users: VecDeque<(K, VecDeque<oneshot::Sender<Turn<K>>>)>,
}

/// The one that is had. Dropping it hands it to the next.
pub struct Turn<K>(Option<Turns<K>>);

impl<K: PartialEq> Turns<K> {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Queue { taken: false, users: VecDeque::new() })))
    }

    /// Waits for a turn. A caller that no longer waits is passed over.
    pub async fn take(&self, user: K) -> Turn<K> {
        let waits = self.queue().join(user);
        match waits {
            None => Turn(Some(self.clone())),
            // The other end is dropped only together with the queue, which is held here.
            Some(turn) => turn.await.unwrap_or(Turn(None)),
        }
    }
}

impl<K> Turns<K> {
    /// A panic while the lock was held leaves a queue that is still whole.
    fn queue(&self) -> MutexGuard<'_, Queue<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: PartialEq> Queue<K> {
    /// Nothing to wait for when it is free.
    fn join(&mut self, user: K) -> Option<oneshot::Receiver<Turn<K>>> {
        if !self.taken {
            self.taken = true;
            return None;
        }
        let (waiting, turn) = oneshot::channel();
        match self.users.iter_mut().find(|(known, _)| *known == user) {
            Some((_, waits)) => waits.push_back(waiting),
            None => self.users.push_back((user, VecDeque::from([waiting]))),
        }
        Some(turn)
    }
}

impl<K> Queue<K> {
    /// Who is next: of the user who has waited the longest since their last turn. None frees it.
    fn next(&mut self) -> Option<oneshot::Sender<Turn<K>>> {
        while let Some((user, mut waits)) = self.users.pop_front() {
            let next = waits.pop_front();
            if !waits.is_empty() {
                self.users.push_back((user, waits));
            }
            if next.is_some() {
                return next;
            }
        }
        self.taken = false;
        None
    }
}

impl<K> Drop for Turn<K> {
    fn drop(&mut self) {
        while let Some(turns) = self.0.take() {
            let Some(next) = turns.queue().next() else { return };
            // It comes back from a caller that no longer waits.
            if let Err(mut turn) = next.send(Self(Some(turns.clone()))) {
                self.0 = turn.0.take();
            }
        }
    }
}

impl<K> Clone for Turns<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> fmt::Debug for Turns<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turns").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn each_user_has_their_turn_however_much_another_brought() {
        let turns = Turns::new();
        let first = turns.take("민지").now_or_never().unwrap();
        let names = ["민지", "민지", "민지", "준호", "민지", "준호", "서연"];
        let mut waiting: Vec<_> = names.map(|name| (name, Box::pin(turns.take(name)))).into();
        for (_, turn) in &mut waiting {
            assert!(turn.now_or_never().is_none(), "there is one turn");
        }
        let (mut order, mut had) = (Vec::new(), Some(first));
        while !waiting.is_empty() {
            drop(had.take());
            waiting.retain_mut(|(name, turn)| {
                let Some(turn) = turn.now_or_never() else { return true };
                order.push(*name);
                assert!(had.replace(turn).is_none(), "there is one turn");
                false
            });
        }
        assert_eq!(order, ["민지", "준호", "서연", "민지", "준호", "민지", "민지"]);
    }

    #[test]
    fn who_no_longer_waits_is_passed_over() {
        let turns = Turns::new();
        let first = turns.take(1).now_or_never().unwrap();
        let mut gone: Vec<_> = (1..5).map(|user| Box::pin(turns.take(user))).collect();
        let mut stays = Box::pin(turns.take(5));
        for turn in gone.iter_mut().chain([&mut stays]) {
            assert!(turn.now_or_never().is_none());
        }
        gone.truncate(1);
        drop(first);
        // It was handed over, and not yet taken.
        gone.clear();
        let turn = (&mut stays).now_or_never().unwrap();
        assert!(turns.take(6).now_or_never().is_none());
        drop(turn);
        assert!(turns.take(7).now_or_never().is_some());
    }
}
