//! Whether a request that opens a socket or changes something comes from a page of this instance.

use crate::{
    config::Config, hosts::Misdirected, misdirected, requests::RefusedOrigin, security::plain,
};
use axum::{
    extract::{Request, State as Shared},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::error::AppError;
use std::sync::Arc;
use url::Url;

/// The site of the page that made the request, as the browser reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Ours,
    /// Another site, or the request does not say.
    Foreign,
    /// This instance, opened over HTTP although it is on HTTPS at this address.
    OverHttp(String),
}

/// Refuses requests that may change something and were made by a page of another site.
pub async fn check(Shared(config): Shared<Arc<Config>>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match refused(&source_of_post(request.headers(), &config)) {
        Some(response) => response,
        None => next.run(request).await,
    }
}

/// The response to a request from this source; none for the instance's own pages.
pub fn refused(source: &Source) -> Option<Response> {
    let refused = match source {
        Source::Ours => None,
        Source::Foreign => Some(plain(StatusCode::FORBIDDEN, &AppError::CrossSite)),
        Source::OverHttp(origin) => {
            Some(misdirected::page(StatusCode::FORBIDDEN, &Misdirected::OverHttp(origin.clone())))
        }
    };
    refused.map(RefusedOrigin::mark)
}

/// A browser reports where a form comes from by `Sec-Fetch-Site`, which it sends to HTTPS and to localhost
/// only, or by `Origin`. A request with neither was sent by no current browser, so it carries no user's
/// cookies.
fn source_of_post(headers: &HeaderMap, config: &Config) -> Source {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return Source::Foreign;
    }
    match source(headers, config) {
        Source::Foreign if !headers.contains_key(header::ORIGIN) => Source::Ours,
        // A proxy may have replaced the host that the browser asked for.
        Source::Foreign if config.url.is_none() && site == Some(b"same-origin") => Source::Ours,
        source => source,
    }
}

/// By `Origin` alone, which every browser sends with a WebSocket. It must equal the configured origin; where
/// none is configured, the host that the browser asked for.
pub fn source(headers: &HeaderMap, config: &Config) -> Source {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return Source::Foreign };
    if let Some(ours) = config.origin() {
        if origin == ours {
            return Source::Ours;
        }
        let is_over_http = over_http(&ours).is_some_and(|it| it == origin);
        return if is_over_http { Source::OverHttp(ours) } else { Source::Foreign };
    }
    let Ok(url) = Url::parse(origin) else { return Source::Foreign };
    let is_http = matches!(url.scheme(), "http" | "https");
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let is_ours = is_http && authority.is_some() && authority == text(header::HOST);
    if is_ours { Source::Ours } else { Source::Foreign }
}

/// The origin of the same host over HTTP, as a proxy serves it on port 80.
fn over_http(ours: &str) -> Option<String> {
    let host = ours.strip_prefix("https://")?;
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
    Some(format!("http://{}", name.map_or(host, |(name, _)| name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config;

    fn of(url: Option<&str>, headers: [Option<&str>; 3]) -> Source {
        let config = Config { url: url.map(|url| url.parse().unwrap()), ..config() };
        let mut sent = HeaderMap::new();
        for (name, value) in ["origin", "sec-fetch-site", "host"].into_iter().zip(headers) {
            if let Some(value) = value {
                sent.insert(name, value.parse().unwrap());
            }
        }
        source_of_post(&sent, &config)
    }

    #[test]
    fn where_an_address_is_named_only_its_origin_may_post() {
        let own = Some("https://chat.example");
        let host = Some("chat.example");
        for site in [None, Some("same-origin"), Some("none")] {
            assert_eq!(of(own, [own, site, host]), Source::Ours);
            assert_eq!(of(own, [None, site, host]), Source::Ours);
            let over_http = Source::OverHttp("https://chat.example".to_owned());
            assert_eq!(of(own, [Some("http://chat.example"), site, host]), over_http);
            for foreign in [
                "null",
                "https://chat.example:8443",
                "http://chat.example:3000",
                "https://evil.example",
                "https://chat.example.evil.example",
                "https://chat.example/",
                "chat.example",
                "",
            ] {
                assert_eq!(of(own, [Some(foreign), site, host]), Source::Foreign, "{foreign}");
            }
        }
        for site in ["cross-site", "same-site", "nonsense", ""] {
            assert_eq!(of(own, [own, Some(site), host]), Source::Foreign, "{site}");
        }
        let port = Some("https://chat.example:8443");
        assert_eq!(of(port, [port, None, Some("chat.example:8443")]), Source::Ours);
        let bare = of(port, [Some("http://chat.example"), None, host]);
        assert_eq!(bare, Source::OverHttp("https://chat.example:8443".to_owned()));
        let plain = Some("http://box:3000");
        assert_eq!(of(plain, [Some("https://box:3000"), None, Some("box:3000")]), Source::Foreign);
    }

    #[test]
    fn where_none_is_named_the_host_may_post() {
        let host = Some("box.local:3000");
        assert_eq!(of(None, [Some("http://box.local:3000"), None, host]), Source::Ours);
        assert_eq!(of(None, [Some("https://box.local:3000"), None, host]), Source::Ours);
        assert_eq!(of(None, [None, None, host]), Source::Ours);
        assert_eq!(
            of(None, [Some("https://public.example"), Some("same-origin"), host]),
            Source::Ours
        );
        for foreign in ["http://box.local", "http://box.local:3001", "null", "ftp://box.local:3000"]
        {
            assert_eq!(of(None, [Some(foreign), None, host]), Source::Foreign, "{foreign}");
        }
        for site in ["cross-site", "same-site"] {
            assert_eq!(of(None, [None, Some(site), host]), Source::Foreign, "{site}");
        }
    }
}
