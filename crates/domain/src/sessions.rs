//! Sessions: how long they live, on which device, and where a user may be redirected after signing in.

use crate::{clock::Millis, ids::SessionId};

/// A session ends this long after its last use.
pub const SESSION_IDLE_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// A session ends this long after it was opened, however often it is used.
pub const SESSION_TTL_MILLIS: i64 = 365 * 24 * 60 * 60 * 1_000;

/// A device stays known for a year after its user's last sign-in on it.
pub const KNOWN_DEVICE_TTL_MILLIS: i64 = 365 * 24 * 60 * 60 * 1_000;

/// The last use is stored at most this often.
pub const TOUCH_MILLIS: i64 = 60 * 1_000;

/// When a session was opened, and when it was last used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    pub opened_at: Millis,
    pub last_used_at: Millis,
}

impl SessionTimes {
    /// Whether the session has ended by itself: by inactivity, or by age.
    #[must_use]
    pub const fn has_ended(self, now: Millis) -> bool {
        now.0.saturating_sub(self.last_used_at.0) >= SESSION_IDLE_MILLIS
            || now.0.saturating_sub(self.opened_at.0) >= SESSION_TTL_MILLIS
    }

    /// A session has ended if it was opened, or last used, at these moments or before: [`Self::has_ended`] for
    /// a query.
    #[must_use]
    pub const fn bounds(now: Millis) -> Self {
        Self {
            opened_at: Millis(now.0.saturating_sub(SESSION_TTL_MILLIS)),
            last_used_at: Millis(now.0.saturating_sub(SESSION_IDLE_MILLIS)),
        }
    }
}

/// A path of this site to continue at; anything else becomes the home page. Browsers read `\` as `/` and skip
/// tabs and line breaks, so `/\evil.example` leaves the site; a path that is not ASCII is written by no
/// browser, and does not fit into a header.
#[must_use]
pub fn safe_path(raw: &str) -> &str {
    let inside = raw.starts_with('/') && !raw.starts_with("//");
    let odd = |c: char| c == '\\' || !c.is_ascii_graphic();
    if inside && !raw.contains(odd) { raw } else { "/" }
}

/// A session as the list of devices shows it to its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub session: SessionId,
    /// The browser's `User-Agent`.
    pub agent: String,
    pub signed_in_at: Millis,
    pub last_used_at: Millis,
    /// This is the device that asked for the list.
    pub is_this: bool,
}

impl Device {
    /// The browser, by its `User-Agent`: those that include another's name as well are tried first.
    #[must_use]
    pub fn browser(&self) -> Option<&'static str> {
        known(&self.agent, &BROWSERS)
    }

    /// The operating system, by the `User-Agent`.
    #[must_use]
    pub fn system(&self) -> Option<&'static str> {
        known(&self.agent, &SYSTEMS)
    }
}

const BROWSERS: [(&str, &str); 11] = [
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(", "NAVER"),
    ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

fn known(agent: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn a_device_is_called_what_its_owner_calls_it() {
        for (agent, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/141.0 Safari/537.36 Edg/141.0",
                Some("Edge"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
                 like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iPhone"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) \
                 SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36",
                Some("Samsung Internet"),
                Some("Android"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
                Some("Firefox"),
                Some("Linux"),
            ),
            ("curl/8.5.0", None, None),
        ] {
            let device = Device {
                session: SessionId::from_uuid(Uuid::nil()),
                agent: agent.to_owned(),
                signed_in_at: Millis(0),
                last_used_at: Millis(0),
                is_this: false,
            };
            assert_eq!((device.browser(), device.system()), (browser, system), "{agent}");
        }
    }

    #[test]
    fn a_session_ends_by_disuse_and_by_age() {
        let opened_at = Millis(1_000);
        for (idle, age, ended) in [
            (0, SESSION_IDLE_MILLIS, false),
            (SESSION_IDLE_MILLIS - 1, SESSION_TTL_MILLIS - 1, false),
            (SESSION_IDLE_MILLIS, SESSION_IDLE_MILLIS, true),
            (0, SESSION_TTL_MILLIS, true),
        ] {
            let now = Millis(opened_at.0 + age);
            let times = SessionTimes { opened_at, last_used_at: Millis(now.0 - idle) };
            assert_eq!(times.has_ended(now), ended, "{idle} {age}");
            let bounds = SessionTimes::bounds(now);
            let is_beyond =
                times.opened_at <= bounds.opened_at || times.last_used_at <= bounds.last_used_at;
            assert_eq!(is_beyond, ended, "{idle} {age}");
        }
    }

    proptest! {
        #[test]
        fn a_safe_path_stays_here(raw in any::<String>()) {
            let path = safe_path(&raw);
            prop_assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'));
        }
    }

    #[test]
    fn other_sites_become_home() {
        for away in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/한글",
            "",
            "room",
        ] {
            assert_eq!(safe_path(away), "/", "{away:?}");
        }
        assert_eq!(safe_path("/room/1?before=2#end"), "/room/1?before=2#end");
    }
}
