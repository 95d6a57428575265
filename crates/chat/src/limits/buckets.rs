//! The allowances of one action, by the generic cell rate algorithm: of each subject only the moment is kept at
//! which its allowance will be whole again. Unlike a ready-made limiter it can give back what it has taken.

use super::Subject;
use domain::clock::Millis;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Of each action; an entry takes some 100 bytes. Beyond it the half that is nearest to whole is forgotten.
const MAX_SUBJECTS: usize = 50_000;

/// So many at once, then one each interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    pub burst: u32,
    pub interval_millis: i64,
}

pub(super) struct Buckets {
    rate: Rate,
    whole_at: Mutex<HashMap<Subject, i64>>,
}

impl Buckets {
    pub fn new(rate: Rate) -> Self {
        Self { rate, whole_at: Mutex::default() }
    }

    /// Takes one, or answers in how many milliseconds there will be one.
    pub fn take(&self, subject: Subject, now: Millis) -> Result<(), i64> {
        self.take_many(1, subject, now)
    }

    /// Takes so many, or none and answers in how many milliseconds there will be as many. More than the burst
    /// are taken as the burst.
    pub fn take_many(&self, count: u32, subject: Subject, now: Millis) -> Result<(), i64> {
        let Rate { burst, interval_millis } = self.rate;
        let taken = interval_millis.saturating_mul(count.min(burst).into());
        let mut whole_at = self.lock();
        // Never later than this, unless the clock has been set back.
        let latest = now.0.saturating_add(interval_millis.saturating_mul(burst.into()));
        let before = whole_at.get(&subject).map_or(now.0, |at| (*at).clamp(now.0, latest));
        let after = before.saturating_add(taken);
        if after > latest {
            whole_at.insert(subject, before);
            return Err(after - latest);
        }
        if whole_at.len() >= MAX_SUBJECTS {
            make_room(&mut whole_at, now);
        }
        whole_at.insert(subject, after);
        Ok(())
    }

    pub fn give_back(&self, subject: Subject) {
        if let Some(whole_at) = self.lock().get_mut(&subject) {
            *whole_at = whole_at.saturating_sub(self.rate.interval_millis);
        }
    }

    pub fn evict_idle(&self, now: Millis) {
        let mut whole_at = self.lock();
        whole_at.retain(|_, at| *at > now.0);
        whole_at.shrink_to_fit();
    }

    /// A panic while the lock was held leaves a map that is still whole.
    fn lock(&self) -> MutexGuard<'_, HashMap<Subject, i64>> {
        self.whole_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Subjects that have used most are kept: filling the table up forgives none of them.
fn make_room(whole_at: &mut HashMap<Subject, i64>, now: Millis) {
    whole_at.retain(|_, at| *at > now.0);
    if whole_at.len() < MAX_SUBJECTS {
        return;
    }
    let mut moments: Vec<i64> = whole_at.values().copied().collect();
    let (_, middle, _) = moments.select_nth_unstable(MAX_SUBJECTS / 2);
    let middle = *middle;
    whole_at.retain(|_, at| *at > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(n: u32) -> Subject {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&n.to_le_bytes());
        Subject::Account(hash)
    }

    #[test]
    fn filling_the_table_forgives_no_subject_and_takes_no_more_memory() {
        let buckets = Buckets::new(Rate { burst: 10, interval_millis: 30_000 });
        let (now, target) = (Millis(1_000_000), account(u32::MAX));
        while buckets.take(target, now).is_ok() {}
        for n in 0..200_000 {
            assert!(buckets.take(account(n), now).is_ok());
        }
        assert!(buckets.lock().len() <= MAX_SUBJECTS);
        assert_eq!(buckets.take(target, now), Err(30_000));
        buckets.evict_idle(Millis(now.0 + 300_000));
        assert_eq!(buckets.lock().len(), 0);
    }
}
