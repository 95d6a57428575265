//! How long to wait before trying again: a random time under a bound that doubles. The randomness
//! keeps an instance full of browsers from coming back all at once.

use std::time::Duration;

const FIRST_MILLIS: f64 = 500.0;
const MAX_MILLIS: f64 = 30_000.0;

#[derive(Debug, Clone, Copy, Default)]
pub struct Backoff {
    failures: i32,
}

impl Backoff {
    /// The next wait. `random` is at least 0 and less than 1.
    pub fn next(&mut self, random: f64) -> Duration {
        let bound = (FIRST_MILLIS * 2f64.powi(self.failures)).min(MAX_MILLIS);
        self.failures = (self.failures + 1).min(10);
        Duration::try_from_secs_f64(bound * random.clamp(0.0, 1.0) / 1_000.0).unwrap_or_default()
    }

    pub const fn succeeded(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_to_thirty_seconds_and_starts_over() {
        let mut backoff = Backoff::default();
        let bounds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
        for bound in bounds {
            assert_eq!(backoff.next(1.0), Duration::from_millis(bound));
        }
        assert_eq!(backoff.next(0.0), Duration::ZERO);
        backoff.succeeded();
        assert_eq!(backoff.next(0.5), Duration::from_millis(250));
    }
}
