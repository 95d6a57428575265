//! Sessions: how long they live, and where a person may be led after signing in.

/// A session ends this long after its last use.
pub const IDLE_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Last use is written down at most this often.
pub const TOUCH_MILLIS: i64 = 60 * 1_000;

/// A path of this site to go on to, and nothing else: what is not one becomes the home page.
/// Browsers read `\` as `/` and skip tabs and line breaks, so `/\evil.example` leaves the site; and
/// what is not ASCII no browser writes into a path, nor fits into a header.
#[must_use]
pub fn safe_path(raw: &str) -> &str {
    let inside = raw.starts_with('/') && !raw.starts_with("//");
    let odd = |c: char| c == '\\' || !c.is_ascii_graphic();
    if inside && !raw.contains(odd) { raw } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
