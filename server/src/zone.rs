//! Time zones by name, from a copy of the tz database that is built in.

use domain::clock::{Clock, Millis, ZoneOffset};
use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};

/// How many past changes of offset are sent with a page: four years of summer time.
const PAST_CHANGES: usize = 8;
/// How many future ones: a year of summer time, for a page that stays open.
const COMING_CHANGES: usize = 2;

/// The instance's zone, and those that browsers name.
#[derive(Debug, Clone)]
pub struct Zones {
    instance: TimeZone,
    database: TimeZoneDatabase,
}

impl Zones {
    /// None when there is no zone of this name.
    pub fn new(instance: &str) -> Option<Self> {
        let database = TimeZoneDatabase::bundled();
        let instance = database.get(instance).ok()?;
        Some(Self { instance, database })
    }

    /// The clock of a reader whose browser names this zone, for a page rendered at `now`.
    pub fn clock(&self, zone: Option<&str>, now: Millis) -> Clock {
        let named = zone.and_then(|zone| self.database.get(zone).ok());
        let zone = named.as_ref().unwrap_or(&self.instance);
        let now = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let offset = |at: Timestamp| ZoneOffset {
            since: Millis(at.as_millisecond()),
            minutes: zone.to_offset(at).seconds() / 60,
        };
        let past = zone.preceding(now).take(PAST_CHANGES).map(|change| offset(change.timestamp()));
        let mut offsets = past.collect::<Vec<_>>();
        if offsets.is_empty() {
            offsets.push(ZoneOffset { since: Millis(i64::MIN), ..offset(now) });
        }
        let coming = zone.following(now).take(COMING_CHANGES);
        offsets.extend(coming.map(|change| offset(change.timestamp())));
        Clock::new(offsets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        Millis(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn summer_time_is_drawn_as_it_was() {
        let zones = Zones::new("Asia/Seoul").unwrap();
        let berlin = zones.clock(Some("Europe/Berlin"), at("2026-11-25T12:00:00Z"));
        assert_eq!(berlin.local(at("2026-01-15T12:00:00Z")).hour(), 13);
        assert_eq!(berlin.local(at("2025-07-15T12:00:00Z")).hour(), 14);
    }

    /// A page that stays open keeps the clock that it came with.
    #[test]
    fn summer_time_is_drawn_as_it_will_be() {
        let zones = Zones::new("Asia/Seoul").unwrap();
        for (zone, made, change, before, after) in [
            ("Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", 1, 3),
            ("Europe/Berlin", "2026-03-29T00:59:59Z", "2026-10-25T01:00:00Z", 2, 2),
            ("America/New_York", "2026-02-01T00:00:00Z", "2026-03-08T07:00:00Z", 1, 3),
            ("Australia/Lord_Howe", "2026-09-30T00:00:00Z", "2026-10-03T15:30:00Z", 1, 2),
        ] {
            let (clock, change) = (zones.clock(Some(zone), at(made)), at(change));
            assert_eq!(clock.local(Millis(change.0 - 1)).hour(), before, "{zone}");
            assert_eq!(clock.local(change).hour(), after, "{zone}");
        }
    }

    #[test]
    fn a_zone_that_never_changes_has_one_offset() {
        let zones = Zones::new("Etc/GMT-3").unwrap();
        let clock = zones.clock(None, at("2026-03-28T12:00:00Z"));
        assert_eq!(clock.local(at("1950-01-01T00:00:00Z")).hour(), 3);
        assert_eq!(clock.local(at("2100-07-01T00:00:00Z")).hour(), 3);
    }

    #[test]
    fn an_unknown_zone_is_the_instances() {
        let zones = Zones::new("Asia/Seoul").unwrap();
        let now = at("2026-03-28T12:00:00Z");
        assert_eq!(zones.clock(Some("Mars/Olympus"), now), zones.clock(None, now));
        assert_eq!(zones.clock(Some("../../etc/passwd"), now), zones.clock(None, now));
        assert!(Zones::new("nowhere").is_none());
    }
}
