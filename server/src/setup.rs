//! Who may make the first account without the set-up link.

use crate::{config::Config, hosts::Host};
use axum::http::{HeaderMap, HeaderName, Uri, Version};
use std::net::IpAddr;

/// Headers that proxies add to the requests that they forward.
const OF_PROXIES: [&str; 3] = ["forwarded", "via", "x-real-ip"];

/// Whether a request can only have been made on the machine itself: the server listens on loopback only, has no
/// configured URL at which others would reach it, and nothing suggests that a proxy forwarded the request.
pub fn is_at_the_machine(
    listens_at: IpAddr,
    config: &Config,
    version: Version,
    uri: &Uri,
    headers: &HeaderMap,
) -> bool {
    let is_private =
        listens_at.is_loopback() && config.url.is_none() && config.trusted_proxies.is_empty();
    // By default proxies speak HTTP/1.0 and forward the request under the name of the machine itself.
    let is_passed_on = version < Version::HTTP_11
        || headers
            .keys()
            .map(HeaderName::as_str)
            .any(|name| name.starts_with("x-forwarded-") || OF_PROXIES.contains(&name));
    is_private && !is_passed_on && Host::of(uri, headers).is_some_and(|host| host.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config;
    use axum::http::HeaderValue;

    fn is_there(
        listens_at: &str,
        config: &Config,
        headers: &[(&'static str, &'static str)],
    ) -> bool {
        let header =
            |(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let headers = headers.iter().copied().map(header).collect();
        let listens_at = listens_at.parse().unwrap();
        is_at_the_machine(listens_at, config, Version::HTTP_11, &Uri::from_static("/"), &headers)
    }

    #[test]
    fn only_a_plain_start_on_the_machine_itself_needs_no_link() {
        let (host, plain) = (("host", "127.0.0.1:3000"), config());
        assert!(is_there("127.0.0.1", &plain, &[host]));
        assert!(is_there("::1", &plain, &[("host", "[::1]:3000")]));
        assert!(is_there("127.0.0.1", &plain, &[("host", "localhost:3000")]));
        for listens_at in ["0.0.0.0", "::", "192.168.0.7"] {
            assert!(!is_there(listens_at, &plain, &[host]), "{listens_at}");
        }
        let url = Some("http://127.0.0.1:3000".parse().unwrap());
        assert!(!is_there("127.0.0.1", &Config { url, ..config() }, &[host]));
        let trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        assert!(!is_there("127.0.0.1", &Config { trusted_proxies, ..config() }, &[host]));
        for host in ["192.168.0.7:3000", "box", "chat.example", "localhost.evil.example", ""] {
            assert!(!is_there("127.0.0.1", &plain, &[("host", host)]), "{host}");
        }
        assert!(!is_there("127.0.0.1", &plain, &[]), "no host at all");
        for name in [
            "forwarded",
            "via",
            "x-real-ip",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-anything",
        ] {
            assert!(!is_there("127.0.0.1", &plain, &[host, (name, "")]), "{name}");
        }
        let headers = [("host", "127.0.0.1")]
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let (listens_at, headers) = ("127.0.0.1".parse().unwrap(), headers.into_iter().collect());
        let uri = Uri::from_static("/");
        assert!(!is_at_the_machine(listens_at, &plain, Version::HTTP_10, &uri, &headers));
    }
}
