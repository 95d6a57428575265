//! What the operator decides, from the environment or the command line.

use crate::socket::Patience;
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use leptos::config::{
    LeptosOptions, errors::LeptosConfigError, get_config_from_str, get_configuration,
};
use std::{net::SocketAddr, path::Path};
use url::Url;

#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Where everything is kept.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://data/sarangbang.db")]
    pub database_url: String,
    /// Where people reach this house, such as `https://chat.example`. It decides whether cookies
    /// are Secure, and what links begin with; nothing else is answered, and no other origin may post. Without
    /// it, whatever address a browser used, as long as it is none of the public DNS.
    #[arg(long, env = "SARANGBANG_URL", value_parser = parse_url)]
    pub url: Option<Url>,
    /// Networks whose `X-Forwarded-For` counts, such as `127.0.0.1/32,10.0.0.0/8`.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// The time zone of readers whose browser has not told its own.
    #[arg(long, env = "SARANGBANG_ZONE", default_value = "Asia/Seoul")]
    pub zone: String,
    /// Whether people and addresses are held to a rate. Off is for tests.
    #[arg(long, env = "SARANGBANG_LIMITS", default_value = "on")]
    pub limits: Limits,
    /// Whether browsers are told to open this host by https alone for a year (Strict-Transport-Security), where
    /// `SARANGBANG_URL` is https. That binds every port of the host: off, if it has services without https.
    #[arg(long, env = "SARANGBANG_HSTS", default_value = "on")]
    pub hsts: Hsts,
    #[arg(skip)]
    pub patience: Patience,
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

    /// The house's own origin, as browsers write it.
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

fn parse_url(raw: &str) -> Result<Url, String> {
    let url = Url::parse(raw).map_err(|error| error.to_string())?;
    let plain =
        matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none();
    if plain { Ok(url) } else { Err("must be http(s)://host[:port], without a path".to_owned()) }
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
            patience: Patience::default(),
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
