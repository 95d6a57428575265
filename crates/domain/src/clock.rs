//! Local times. A page is rendered once by the server and once more by the browser, and both must render the
//! same: so the offsets of the reader's time zone are sent with the page.

use jiff::{Timestamp, civil::DateTime, tz::Offset};
use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01 UTC.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// In ISO 8601, in UTC.
    #[must_use]
    pub fn iso(self) -> String {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
    }
}

/// From a moment on, local time is `minutes` ahead of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneOffset {
    pub since: Millis,
    pub minutes: i32,
}

/// The offsets of one time zone, oldest first. Without any it is UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    offsets: Vec<ZoneOffset>,
}

impl Clock {
    #[must_use]
    pub fn new(mut offsets: Vec<ZoneOffset>) -> Self {
        offsets.sort_by_key(|offset| offset.since);
        Self { offsets }
    }

    /// The local date and time of a moment. Moments before the first offset use the first.
    #[must_use]
    pub fn local(&self, at: Millis) -> DateTime {
        let seconds = self.minutes(at).saturating_mul(60);
        let offset = Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
        let moment = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        offset.to_datetime(moment)
    }

    /// How long after `at` rendered times stay right: until the next local midnight or the next change of the
    /// offset, whichever comes first. From 1 to 86,400,000 milliseconds.
    #[must_use]
    pub fn fresh_for(&self, at: Millis) -> u32 {
        const DAY: i64 = 24 * 60 * 60 * 1_000;
        let local = at.0.saturating_add(i64::from(self.minutes(at)) * 60_000);
        let midnight = DAY - local.rem_euclid(DAY);
        let mut changes = self.offsets.iter().map(|offset| offset.since.0.saturating_sub(at.0));
        let change = changes.find(|wait| *wait > 0).unwrap_or(DAY);
        u32::try_from(midnight.min(change)).unwrap_or(u32::MAX)
    }

    /// Minutes ahead of UTC. Moments before the first offset use the first.
    #[must_use]
    pub fn minutes(&self, at: Millis) -> i32 {
        let known = self.offsets.iter().rev().find(|offset| offset.since <= at);
        known.or(self.offsets.first()).map_or(0, |offset| offset.minutes)
    }

    /// Whether two moments fall on the same local day.
    #[must_use]
    pub fn same_day(&self, a: Millis, b: Millis) -> bool {
        self.local(a).date() == self.local(b).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seoul() -> Clock {
        Clock::new(vec![ZoneOffset { since: Millis(i64::MIN), minutes: 540 }])
    }

    #[test]
    fn seoul_is_nine_hours_ahead() {
        let evening = Millis(1_795_359_600_000); // 2026-11-22T15:00:00Z
        assert_eq!(seoul().local(evening).to_string(), "2026-11-23T00:00:00");
        assert!(!seoul().same_day(evening, Millis(evening.0 - 1)));
        assert!(Clock::default().same_day(evening, Millis(evening.0 - 1)));
    }

    #[test]
    fn a_moment_is_written_for_other_programs_too() {
        assert_eq!(Millis(1_795_359_600_000).iso(), "2026-11-22T15:00:00Z");
        assert_eq!(Millis(1_795_359_600_001).iso(), "2026-11-22T15:00:00.001Z");
    }

    #[test]
    fn a_change_of_offset_counts_from_its_moment() {
        let clock = Clock::new(vec![
            ZoneOffset { since: Millis(1_000_000), minutes: 120 },
            ZoneOffset { since: Millis(0), minutes: 60 },
        ]);
        assert_eq!(clock.local(Millis(999_999)).hour(), 1);
        assert_eq!(clock.local(Millis(1_000_000)).hour(), 2);
    }

    #[test]
    fn times_are_fresh_until_midnight_or_until_the_offset_changes() {
        const HOUR: i64 = 60 * 60 * 1_000;
        let midnight = Millis(1_795_359_600_000); // 2026-11-23T00:00:00+09:00
        assert_eq!(seoul().fresh_for(Millis(midnight.0 - 1)), 1);
        assert_eq!(seoul().fresh_for(midnight), 86_400_000, "the next midnight, not this one");
        assert_eq!(i64::from(seoul().fresh_for(Millis(midnight.0 - 2 * HOUR))), 2 * HOUR);
        let change = Millis(midnight.0 - HOUR);
        let clock = Clock::new(vec![
            ZoneOffset { since: Millis(0), minutes: 540 },
            ZoneOffset { since: change, minutes: 600 },
        ]);
        assert_eq!(i64::from(clock.fresh_for(Millis(change.0 - 10))), 10);
        assert_eq!(clock.fresh_for(change), 86_400_000, "an hour forward: it is midnight");
        assert_eq!(Clock::default().fresh_for(Millis(-1)), 1);
    }

    proptest! {
        #[test]
        fn no_moment_panics(at: i64, since: i64, minutes: i32) {
            let clock = Clock::new(vec![ZoneOffset { since: Millis(since), minutes }]);
            let _ = clock.local(Millis(at));
            prop_assert!((1..=86_400_000).contains(&clock.fresh_for(Millis(at))));
        }
    }
}
