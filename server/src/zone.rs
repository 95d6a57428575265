//! Time zones by name, from a copy of the tz database that is built in.

use domain::clock::{Clock, Millis, ZoneOffset};
use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};

/// How many changes of offset travel with a page: four years of summer time.
const CHANGES: usize = 8;

/// The zone of the house, and those that browsers name.
#[derive(Debug, Clone)]
pub struct Zones {
    house: TimeZone,
    database: TimeZoneDatabase,
}

impl Zones {
    /// None when there is no zone of this name.
    pub fn new(house: &str) -> Option<Self> {
        let database = TimeZoneDatabase::bundled();
        let house = database.get(house).ok()?;
        Some(Self { house, database })
    }

    /// The clock of a reader whose browser names this zone.
    pub fn clock(&self, zone: Option<&str>) -> Clock {
        let named = zone.and_then(|zone| self.database.get(zone).ok());
        let zone = named.as_ref().unwrap_or(&self.house);
        let now = Timestamp::now();
        let minutes = |at| zone.to_offset(at).seconds() / 60;
        let changes = zone.preceding(now).take(CHANGES).map(|change| ZoneOffset {
            since: Millis(change.timestamp().as_millisecond()),
            minutes: minutes(change.timestamp()),
        });
        let offsets = changes.collect::<Vec<_>>();
        if offsets.is_empty() {
            return Clock::new(vec![ZoneOffset { since: Millis(i64::MIN), minutes: minutes(now) }]);
        }
        Clock::new(offsets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_is_drawn_as_it_was() {
        let zones = Zones::new("Asia/Seoul").unwrap();
        let berlin = zones.clock(Some("Europe/Berlin"));
        let noon = |text: &str| Millis(text.parse::<Timestamp>().unwrap().as_millisecond());
        assert_eq!(berlin.local(noon("2026-01-15T12:00:00Z")).hour(), 13);
        assert_eq!(berlin.local(noon("2025-07-15T12:00:00Z")).hour(), 14);
    }

    #[test]
    fn an_unknown_zone_is_the_houses() {
        let zones = Zones::new("Asia/Seoul").unwrap();
        assert_eq!(zones.clock(Some("Mars/Olympus")), zones.clock(None));
        assert_eq!(zones.clock(Some("../../etc/passwd")), zones.clock(None));
        assert!(Zones::new("nowhere").is_none());
    }
}
