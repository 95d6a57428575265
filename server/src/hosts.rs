//! The hosts at which this instance answers. A foreign page can make its own name resolve to this machine (DNS
//! rebinding); the browser then takes the two for one site. So a name of the public DNS is answered only if the
//! operator has configured it.

use crate::{address, config::Config, misdirected};
use axum::{
    extract::{ConnectInfo, Request, State as Shared},
    http::{HeaderMap, StatusCode, Uri, header::HOST, uri::Authority},
    middleware::Next,
    response::Response,
};
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
use url::Url;

/// Answered at every host: monitoring asks for it by an address of its own.
pub const HEALTH: &str = "/healthz";

/// The endings of names that the public DNS does not have, beside names of one label.
const LOCAL_ENDINGS: [&str; 3] = [".local", ".lan", ".home.arpa"];

/// Why a request is refused because of its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misdirected {
    /// The instance has another address, this one.
    Elsewhere(String),
    /// The instance is on HTTPS, at this address, and was opened over HTTP.
    OverHttp(String),
    /// The operator has not configured this host.
    Unnamed(Host),
    /// The request names no host, or several.
    Malformed,
}

pub async fn check(
    Shared(config): Shared<Arc<Config>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path() == HEALTH {
        return next.run(request).await;
    }
    match misdirected(&config, peer.ip(), request.uri(), request.headers()) {
        Some(why) => misdirected::page(StatusCode::MISDIRECTED_REQUEST, &why),
        None => next.run(request).await,
    }
}

fn misdirected(
    config: &Config,
    peer: IpAddr,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<Misdirected> {
    let Some(host) = Host::of(uri, headers) else { return Some(Misdirected::Malformed) };
    let Some(url) = &config.url else {
        return (!host.is_local()).then_some(Misdirected::Unnamed(host));
    };
    let origin = url.origin().ascii_serialization();
    if !host.is_of(url) {
        return Some(Misdirected::Elsewhere(origin));
    }
    let came_by_http = config.is_secure()
        && address::is_trusted(peer, &config.trusted_proxies)
        && forwarded_protocols(headers).is_some_and(|it| it.iter().all(|each| each == "http"));
    came_by_http.then_some(Misdirected::OverHttp(origin))
}

/// The protocols that the browser used, according to proxies. None when they say nothing.
fn forwarded_protocols(headers: &HeaderMap) -> Option<Vec<String>> {
    let values = headers.get_all("x-forwarded-proto").iter().filter_map(|it| it.to_str().ok());
    let protocols = values.flat_map(|value| value.split(','));
    let protocols: Vec<_> = protocols.map(|it| it.trim().to_ascii_lowercase()).collect();
    (!protocols.is_empty()).then_some(protocols)
}

/// The host that a request is for, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    /// The host of the `Host` header. An absolute address must agree with it.
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let mut named = headers.get_all(HOST).iter();
        let (first, others) = (named.next()?, named.next());
        if others.is_some() {
            return None;
        }
        let host = Self::parse(first.to_str().ok()?)?;
        let of_address = uri.authority().map(|authority| Self::parse(authority.as_str()));
        (of_address.is_none() || of_address == Some(Some(host.clone()))).then_some(host)
    }

    fn parse(raw: &str) -> Option<Self> {
        let authority = raw.parse::<Authority>().ok().filter(|_| !raw.contains('@'))?;
        let name = authority.host().to_ascii_lowercase();
        let port = authority.port_u16();
        let says_port = raw.len() > authority.host().len();
        (!name.is_empty() && says_port == port.is_some()).then_some(Self { name, port })
    }

    fn is_of(&self, url: &Url) -> bool {
        let is_its_port = |port| Some(port) == url.port_or_known_default();
        url.host_str() == Some(&*self.name) && self.port.is_none_or(is_its_port)
    }

    fn address(&self) -> Option<IpAddr> {
        let six = self.name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match six {
            Some(six) => six.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
            None => self.name.parse().ok(),
        }
    }

    /// The name without the trailing dot that makes it absolute.
    fn relative(&self) -> &str {
        self.name.strip_suffix('.').unwrap_or(&self.name)
    }

    /// Whether the public DNS cannot have this name.
    fn is_local(&self) -> bool {
        let name = self.relative();
        self.address().is_some()
            || !name.contains('.')
            || LOCAL_ENDINGS.iter().any(|ending| name.ends_with(ending))
    }

    /// Whether it can only be the machine itself.
    pub fn is_loopback(&self) -> bool {
        let address = self.address().map(|address| address.to_canonical());
        self.relative() == "localhost" || address.is_some_and(|address| address.is_loopback())
    }

    /// The URL at which a browser would open it, as far as is known.
    pub fn url(&self) -> String {
        match self.port {
            Some(port) => format!("http://{}:{port}", self.name),
            None => format!("https://{}", self.name),
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config;

    fn headers(host: &str, protocol: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        for each in protocol {
            headers.append("x-forwarded-proto", each.parse().unwrap());
        }
        headers
    }

    fn asked(config: &Config, headers: &HeaderMap) -> Option<Misdirected> {
        misdirected(config, "10.0.0.1".parse().unwrap(), &Uri::from_static("/"), headers)
    }

    #[test]
    fn without_an_address_of_its_own_only_local_names_are_answered() {
        let config = config();
        let answered = [
            "127.0.0.1",
            "127.0.0.1:3000",
            "192.168.0.7:3000",
            "203.0.113.9",
            "[::1]:3000",
            "[fd00::1]",
            "localhost",
            "LOCALHOST:3000",
            "localhost.",
            "raspberrypi",
            "box:80",
            "box.local",
            "Box.LAN:3000",
            "box.local.",
            "chat.home.arpa",
            "a.b.home.arpa:1",
        ];
        for host in answered {
            assert_eq!(asked(&config, &headers(host, &[])), None, "{host}");
        }
        let unnamed = [
            "chat.example",
            "chat.example:3000",
            "evil.example.",
            "local.example",
            "127.0.0.1.nip.io",
            "localhost.evil.example",
            "evil.lan.example",
            "home.arpa.example",
            "chat.internal",
            "127.1",
        ];
        for host in unnamed {
            let why = asked(&config, &headers(host, &[]));
            assert!(matches!(why, Some(Misdirected::Unnamed(_))), "{host}: {why:?}");
        }
        for host in ["user@localhost", "localhost:port", "localhost:99999", "localhost:", "", "a b"]
        {
            let why = asked(&config, &headers(host, &[]));
            assert_eq!(why, Some(Misdirected::Malformed), "{host}");
        }
        assert_eq!(asked(&config, &HeaderMap::new()), Some(Misdirected::Malformed));
        let mut two = headers("localhost", &[]);
        two.append(HOST, "localhost".parse().unwrap());
        assert_eq!(asked(&config, &two), Some(Misdirected::Malformed));
        let absolute = Uri::from_static("http://evil.example/");
        let peer = "127.0.0.1".parse().unwrap();
        let why = misdirected(&config, peer, &absolute, &headers("localhost", &[]));
        assert_eq!(why, Some(Misdirected::Malformed));
    }

    #[test]
    fn with_an_address_of_its_own_only_that_is_answered() {
        let table = [
            ("https://chat.example", "chat.example", true),
            ("https://chat.example", "CHAT.example:443", true),
            ("https://chat.example", "chat.example:3000", false),
            ("https://chat.example", "chat.example.", false),
            ("https://chat.example", "127.0.0.1:3000", false),
            ("https://chat.example", "localhost", false),
            ("https://chat.example", "evil.chat.example", false),
            ("https://chat.example:8443", "chat.example:8443", true),
            ("https://chat.example:8443", "chat.example", true),
            ("https://chat.example:8443", "chat.example:443", false),
            ("http://192.168.0.7:3000", "192.168.0.7:3000", true),
            ("http://192.168.0.7:3000", "192.168.0.8:3000", false),
            ("http://[::1]:3000", "[::1]:3000", true),
            ("https://사랑방.한국", "xn--9i2b40g7se.xn--3e0b707e", true),
        ];
        for (url, host, is_answered) in table {
            let config = Config { url: Some(url.parse().unwrap()), ..config() };
            let why = asked(&config, &headers(host, &[]));
            let origin = config.origin().unwrap();
            let expected = (!is_answered).then_some(Misdirected::Elsewhere(origin));
            assert_eq!(why, expected, "{url} {host}");
        }
    }

    #[test]
    fn only_our_own_proxies_say_that_it_was_opened_by_http() {
        let url = Some("https://chat.example".parse().unwrap());
        let proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let trusting = Config { url: url.clone(), trusted_proxies: proxies.clone(), ..config() };
        let of = |config: &Config, protocol: &[&str]| {
            asked(config, &headers("chat.example", protocol)).is_some()
        };
        for (protocol, is_http) in [
            (&["http"][..], true),
            (&["HTTP"], true),
            (&["http, http"], true),
            (&["https"], false),
            (&["https, http"], false),
            (&["https", "http"], false),
            (&[], false),
            (&["ftp"], false),
        ] {
            assert_eq!(of(&trusting, protocol), is_http, "{protocol:?}");
        }
        assert!(!of(&Config { url, ..config() }, &["http"]), "a stranger may say anything");
        let plain = Some("http://chat.example".parse().unwrap());
        assert!(!of(&Config { url: plain, trusted_proxies: proxies, ..config() }, &["http"]));
    }

    #[test]
    fn the_machine_itself_has_few_names() {
        let is_loopback = |host: &str| Host::parse(host).unwrap().is_loopback();
        for host in [
            "localhost",
            "LocalHost:3000",
            "127.0.0.1",
            "127.8.9.1:80",
            "[::1]:3000",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["box", "192.168.0.7", "[fd00::1]", "0.0.0.0", "localhost.lan", "127.0.0.1.local"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
