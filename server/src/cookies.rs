//! The cookies of a request, read as bytes. Cookies are shared between all ports of a host, so those of other
//! programs arrive too; one that is not ASCII or not valid text is skipped without losing the others.

use app::context::CookieNames;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::COOKIE, request::Parts},
};
use domain::clock::Millis;
use std::{convert::Infallible, fmt, str};

/// Names and values, in the order in which the browser sent them.
pub struct Cookies(Vec<(String, String)>);

impl Cookies {
    pub fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(COOKIE).into_iter();
        let pieces = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
        Self(pieces.filter_map(pair).collect())
    }

    /// The last cookie of this name: browsers send those with longer paths first, and this instance's have the
    /// shortest.
    pub fn get(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().rev().find(|(each, _)| each == name);
        named.map(|(_, value)| value.as_str())
    }
}

/// Redacted: some values are secrets.
impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// None when the cookie has no name or is not valid text.
fn pair(piece: &[u8]) -> Option<(String, String)> {
    let (name, value) = str::from_utf8(piece).ok()?.split_once('=')?;
    let name = name.trim_matches([' ', '\t']);
    (!name.is_empty()).then(|| (name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
}

impl<S: Sync> FromRequestParts<S> for Cookies {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// The cookies that this instance sets, and until when it reads those of an earlier version.
#[derive(Debug, Clone)]
pub struct OwnCookies {
    pub names: CookieNames,
    pub old_until: Millis,
}

impl OwnCookies {
    /// The value of the cookie of this name, one of [`Self::names`]. For a day after an update, the cookie of
    /// an earlier version is read too, whose name did not end in the database's epoch.
    pub fn get<'a>(&self, cookies: &'a Cookies, name: &str, now: Millis) -> Option<&'a str> {
        let old = || {
            let (old, _) = name.rsplit_once('-').filter(|_| now < self.old_until)?;
            cookies.get(old)
        };
        cookies.get(name).or_else(old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn cookies(values: &[&[u8]]) -> Cookies {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(COOKIE, HeaderValue::from_bytes(value).unwrap());
        }
        Cookies::of(&headers)
    }

    #[test]
    fn what_can_be_read_is_read() {
        let strange: [&[u8]; 9] = [
            "nick=홍길동".as_bytes(),
            "별명=길동".as_bytes(),
            b"nick=\xC8\xAB\xB1\xE6\xB5\xBF",
            b"\xFF\xFE",
            b"caf\xE9=1; \xF0\x9F=2",
            b"=1",
            b"nothing",
            b";;; ;",
            b"theme=\xFF",
        ];
        for strange in strange {
            let before = [strange, b"; session=1; lang=en"].concat();
            let after = [b"lang=en; session=1; ", strange].concat();
            for value in [&*before, &*after] {
                let cookies = cookies(&[value]);
                let read = ["session", "lang", "theme"].map(|name| cookies.get(name));
                assert_eq!(read, [Some("1"), Some("en"), None], "{value:?}");
            }
            let apart = cookies(&[strange, b"session=1"]);
            assert_eq!(apart.get("session"), Some("1"), "{strange:?}");
        }
    }

    #[test]
    fn names_and_values_are_taken_as_they_stand() {
        let read = cookies(&[b" a = 1 ;b=x=y;c=\"q\";d=;\te\t=%41;A=2", "한=글".as_bytes()]);
        let values = ["a", "b", "c", "d", "e", "A", "한"].map(|name| read.get(name).unwrap());
        assert_eq!(values, ["1", "x=y", "\"q\"", "", "%41", "2", "글"]);
        let twice = cookies(&[b"session=of-a-longer-path; session=ours"]);
        assert_eq!(twice.get("session"), Some("ours"));
    }

    #[test]
    fn the_old_name_is_read_for_a_day() {
        let epoch = "1a2b3c4d-0000-4000-8000-000000000000".parse().unwrap();
        for (secure, prefix) in [(false, ""), (true, "__Host-")] {
            let names = CookieNames::new(epoch, secure);
            assert_eq!(*names.session, format!("{prefix}session-1a2b3c4d"));
            assert_eq!(*names.pending_login, format!("{prefix}half_way-1a2b3c4d"));
            let own = OwnCookies { names: names.clone(), old_until: Millis(10) };
            let old = cookies(&[format!("{prefix}session=old").as_bytes()]);
            let both = format!("{prefix}session=old; {}=new", names.session);
            let both = cookies(&[both.as_bytes()]);
            let read = |cookies, at| own.get(cookies, &names.session, Millis(at));
            assert_eq!([read(&old, 9), read(&old, 10)], [Some("old"), None]);
            assert_eq!([read(&both, 9), read(&both, 10)], [Some("new"), Some("new")]);
            assert_eq!(own.get(&old, &names.pending_login, Millis(9)), None);
        }
    }
}
