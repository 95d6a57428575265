//! What the operator decides, from the environment or the command line.

use crate::socket::SocketTimeouts;
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use leptos::config::{
    LeptosOptions, errors::LeptosConfigError, get_config_from_str, get_configuration,
};
use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
};
use url::Url;

#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Where everything is kept.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://data/sarangbang.db")]
    pub database_url: String,
    /// Where people reach this instance, such as `https://chat.example`. It decides whether cookies
    /// are Secure, and what links begin with; nothing else is answered, and no other origin may post. Without
    /// it, whatever address a browser used, as long as it is none of the public DNS.
    // By its whole path clap leaves the type to the parser: a setting that is there and empty is not set.
    #[arg(long, env = "SARANGBANG_URL", value_parser = parse_url, default_value = "", hide_default_value = true)]
    pub url: ::std::option::Option<Url>,
    /// Addresses and networks whose `X-Forwarded-For` counts, such as `127.0.0.1, 10.0.0.0/8`.
    #[arg(long, env = "TRUSTED_PROXIES", value_parser = parse_networks, default_value = "", hide_default_value = true)]
    pub trusted_proxies: ::std::vec::Vec<IpNet>,
    /// The time zone of readers whose browser has not told its own.
    #[arg(long, env = "SARANGBANG_ZONE", value_parser = parse_zone, default_value = ZONE)]
    pub zone: String,
    /// Whether people and addresses are held to a rate. Off is for tests.
    #[arg(long, env = "SARANGBANG_LIMITS", default_value = "on")]
    pub limits: Limits,
    /// Whether browsers are told to open this host by https alone for a year (Strict-Transport-Security), where
    /// `SARANGBANG_URL` is https. That binds every port of the host: off, if it has services without https.
    #[arg(long, env = "SARANGBANG_HSTS", default_value = "on")]
    pub hsts: Hsts,
    #[arg(skip)]
    pub timeouts: SocketTimeouts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Limits {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Hsts {
    On,
    Off,
}

impl From<Limits> for chat::RateLimits {
    fn from(limits: Limits) -> Self {
        match limits {
            Limits::On => Self::On,
            Limits::Off => Self::Off,
        }
    }
}

impl Config {
    /// Whether people come over HTTPS, so that cookies may be sent over nothing else.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// Whether browsers are told to come over HTTPS alone.
    #[must_use]
    pub fn sends_hsts(&self) -> bool {
        self.is_secure() && self.hsts == Hsts::On
    }

    /// The instance's own origin, as browsers write it.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        self.url.as_ref().map(|url| url.origin().ascii_serialization())
    }

    /// What links begin with that are handed out at the machine itself, where the program listens at `address`.
    #[must_use]
    pub fn link_origin(&self, address: SocketAddr) -> String {
        match self.origin() {
            Some(origin) => origin,
            None if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
            None => format!("http://{address}"),
        }
    }
}

const ZONE: &str = "Asia/Seoul";

fn parse_url(raw: &str) -> Result<Option<Url>, String> {
    if raw.trim().is_empty() {
        return Ok(None);
    }
    let url = Url::parse(raw.trim()).map_err(|error| error.to_string())?;
    let is_origin = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if is_origin {
        return Ok(Some(url));
    }
    Err("must be http(s)://host[:port], without a user, a path or anything behind it".to_owned())
}

/// Addresses count as networks of one.
fn parse_networks(raw: &str) -> Result<Vec<IpNet>, String> {
    let parts = raw.split(',').map(str::trim).filter(|part| !part.is_empty());
    let network = |part: &str| {
        let address = part.parse::<IpAddr>().map(IpNet::from);
        address
            .or_else(|_| part.parse())
            .map_err(|_| format!("{part:?} is neither an address nor a network such as 10.0.0.0/8"))
    };
    parts.map(network).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "a parser of clap may fail")]
fn parse_zone(raw: &str) -> Result<String, String> {
    Ok(if raw.trim().is_empty() { ZONE.to_owned() } else { raw.trim().to_owned() })
}

/// So that an installed program needs no file but those that it serves.
const BUILT_WITH: &str = include_str!("../../Leptos.toml");

/// The run-time keys: Leptos.toml if it is here, otherwise the one it was built with, and LEPTOS_* over
/// either.
pub fn leptos_options() -> Result<LeptosOptions, LeptosConfigError> {
    let file = "Leptos.toml";
    if Path::new(file).exists() {
        return Ok(get_configuration(Some(file))?.leptos_options);
    }
    get_config_from_str(BUILT_WITH)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// As a plain start has it.
    pub fn config() -> Config {
        Config {
            database_url: "sqlite://none.db".to_owned(),
            url: None,
            trusted_proxies: Vec::new(),
            zone: "Asia/Seoul".to_owned(),
            limits: Limits::On,
            hsts: Hsts::On,
            timeouts: SocketTimeouts::default(),
        }
    }

    #[test]
    fn a_setting_that_is_empty_is_not_set() {
        for empty in ["", " "] {
            assert_eq!(parse_url(empty), Ok(None));
            assert_eq!(parse_networks(empty), Ok(Vec::new()));
            assert_eq!(parse_zone(empty), Ok("Asia/Seoul".to_owned()));
        }
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        for (typed, networks) in [
            ("127.0.0.1", &["127.0.0.1/32"][..]),
            ("127.0.0.1, 10.0.0.0/8", &["127.0.0.1/32", "10.0.0.0/8"]),
            ("::1,fd00::/8,", &["::1/128", "fd00::/8"]),
        ] {
            let parsed = parse_networks(typed).unwrap();
            assert_eq!(parsed.iter().map(ToString::to_string).collect::<Vec<_>>(), networks);
        }
        for odd in ["proxy", "10.0.0.0/40", "127.0.0.1 10.0.0.1", "127.0.0.1;::1"] {
            assert!(parse_networks(odd).unwrap_err().contains("is neither an address"), "{odd}");
        }
    }

    #[test]
    fn an_address_of_the_instance_is_a_scheme_a_host_and_a_port() {
        for whole in ["https://chat.example", "http://chat.example:8080/", " https://한국.kr "] {
            assert!(parse_url(whole).unwrap().is_some(), "{whole}");
        }
        for odd in [
            "chat.example",
            "ftp://chat.example",
            "https://chat.example/chat",
            "https://chat.example/?a",
            "https://chat.example/#a",
            "https://u@chat.example",
            "https://u:p@chat.example",
        ] {
            assert!(parse_url(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn links_begin_with_an_address_that_can_be_opened() {
        let plain = config();
        let of = |address: &str| plain.link_origin(address.parse().unwrap());
        assert_eq!(of("127.0.0.1:3000"), "http://127.0.0.1:3000");
        assert_eq!(of("[::1]:3000"), "http://[::1]:3000");
        assert_eq!(of("0.0.0.0:3000"), "http://localhost:3000");
        assert_eq!(of("[::]:80"), "http://localhost:80");
        let named = Config { url: Some("https://chat.example".parse().unwrap()), ..config() };
        assert_eq!(named.link_origin("0.0.0.0:3000".parse().unwrap()), "https://chat.example");
    }
}
