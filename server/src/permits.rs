//! Permits: how many of something a user, a network or the instance may have at a time.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Permits<K>(Arc<Shared<K>>);

#[derive(Debug)]
struct Shared<K> {
    max: u32,
    taken: Mutex<HashMap<K, u32>>,
}

/// One permit. Dropping it gives it back.
#[derive(Debug)]
pub struct Permit<K: Hash + Eq> {
    permits: Permits<K>,
    key: K,
}

impl<K: Hash + Eq + Clone> Permits<K> {
    #[must_use]
    pub fn limited(max: u32) -> Self {
        Self(Arc::new(Shared { max, taken: Mutex::default() }))
    }

    #[must_use]
    pub fn unlimited() -> Self {
        Self::limited(u32::MAX)
    }

    /// None when the key has reached its limit.
    #[must_use]
    pub fn take(&self, key: K) -> Option<Permit<K>> {
        let mut taken = self.taken();
        let count = taken.entry(key.clone()).or_default();
        if *count >= self.0.max {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Permit { permits: self.clone(), key })
    }
}

impl<K: Hash + Eq> Permits<K> {
    /// A panic while the lock was held leaves a map that is still consistent.
    fn taken(&self) -> MutexGuard<'_, HashMap<K, u32>> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq> Drop for Permit<K> {
    fn drop(&mut self) {
        let mut taken = self.permits.taken();
        let Some(count) = taken.get_mut(&self.key) else { return };
        *count -= 1;
        if *count == 0 {
            taken.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_so_many_and_gives_them_back() {
        let permits = Permits::limited(256);
        let mut held: Vec<_> = std::iter::from_fn(|| permits.take("here")).collect();
        assert_eq!(held.len(), 256);
        assert!(permits.take("there").is_some(), "the one takes nothing from the other");
        held.pop();
        assert!(permits.take("here").is_some());
        drop(held);
        assert!(permits.taken().is_empty());
    }

    #[test]
    fn without_a_limit_there_are_always_more() {
        let permits = Permits::unlimited();
        let held: Vec<_> = (0..1_000).filter_map(|_| permits.take(())).collect();
        assert_eq!(held.len(), 1_000);
    }
}
