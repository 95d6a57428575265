//! Measurements in turns: windows without a disturbance and windows with it, A B A B.
//!
//! One p99 says little: on a busy machine two windows of the same kind differ by half. The medians of many
//! turns are compared, and the bound grows by how much windows without the disturbance differ among themselves.

use std::time::Duration;

/// Windows that were measured alternately, each with its p99 or another such figure.
#[derive(Debug, Clone, Default)]
pub struct Turns {
    calm: Vec<Duration>,
    disturbed: Vec<Duration>,
}

impl Turns {
    pub fn calm(&mut self, window: Duration) {
        self.calm.push(window);
    }

    pub fn disturbed(&mut self, window: Duration) {
        self.disturbed.push(window);
    }

    /// The medians: calm, then disturbed.
    #[must_use]
    pub fn medians(&self) -> (Duration, Duration) {
        (quantile(&self.calm, 2), quantile(&self.disturbed, 2))
    }

    /// The bound on the median of the disturbed windows: so many times that of the calm ones, plus half of
    /// their spread.
    #[must_use]
    pub fn bound(&self, times: f64) -> Duration {
        let apart = quantile(&self.calm, 3).saturating_sub(quantile(&self.calm, 1));
        quantile(&self.calm, 2).mul_f64(times) + apart
    }

    #[must_use]
    pub fn are_slower(&self, times: f64) -> bool {
        self.medians().1 > self.bound(times)
    }
}

/// The first, second (the median) or third quartile. Zero of none.
fn quantile(windows: &[Duration], quarter: usize) -> Duration {
    let mut windows = windows.to_vec();
    windows.sort_unstable();
    let at = windows.len().saturating_sub(1) * quarter / 4;
    windows.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng, rngs::StdRng};

    const TURNS: usize = 7;
    const TIMES: f64 = 1.2;

    /// The p99 of a window on a busy machine: 5 to 7 ms, and in one of eight up to three times as much.
    fn window(rng: &mut StdRng) -> Duration {
        let millis = rng.random_range(5.0..7.0);
        let busy = if rng.random_bool(0.125) { rng.random_range(1.0..3.0) } else { 1.0 };
        Duration::from_secs_f64(millis * busy / 1_000.0)
    }

    fn turns(rng: &mut StdRng, slower: f64) -> Turns {
        let mut turns = Turns::default();
        for _ in 0..TURNS {
            turns.calm(window(rng));
            turns.disturbed(window(rng).mul_f64(slower));
        }
        turns
    }

    fn found_slower(slower: f64) -> usize {
        let mut rng = StdRng::seed_from_u64(30);
        (0..1_000).filter(|_| turns(&mut rng, slower).are_slower(TIMES)).count()
    }

    #[test]
    fn noise_alone_is_not_taken_for_a_difference() {
        let mut rng = StdRng::seed_from_u64(30);
        let one = (0..1_000).filter(|_| window(&mut rng).mul_f64(TIMES) < window(&mut rng)).count();
        assert!(one > 150, "one window against one is wrong {one} times in 1,000");
        let found = found_slower(1.0);
        assert!(found <= 5, "{found} of 1,000");
    }

    #[test]
    fn what_costs_the_others_half_as_much_again_or_twice_is_seen() {
        assert!(found_slower(2.0) >= 970, "{}", found_slower(2.0));
        assert!(found_slower(1.6) >= 800, "{}", found_slower(1.6));
    }

    #[test]
    fn one_window_says_nothing() {
        let millis = |millis: &[u64]| millis.iter().copied().map(Duration::from_millis).collect();
        let turns = |calm: &[u64], disturbed: &[u64]| Turns {
            calm: millis(calm),
            disturbed: millis(disturbed),
        };
        assert!(!turns(&[5, 6, 6, 7, 6], &[6, 30, 6, 7, 6]).are_slower(TIMES));
        assert!(!turns(&[5, 90, 6, 7, 6], &[6, 6, 6, 7, 6]).are_slower(TIMES));
        assert!(turns(&[5, 6, 6, 7, 6], &[9, 12, 11, 10, 4]).are_slower(TIMES));
        assert!(turns(&[6; 5], &[8; 5]).are_slower(TIMES));
    }
}
