//! The operator's settings, from the environment or the command line.

use crate::socket::SocketTimeouts;
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use leptos::config::{
    LeptosOptions, errors::LeptosConfigError, get_config_from_str, get_configuration,
};
use std::{
    env,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};
use url::Url;

#[derive(Debug, Clone, Args)]
pub struct Config {
    /// The database file. Avatars are kept in a folder beside it.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://data/sarangbang.db")]
    pub database_url: String,
    /// The address at which users reach this instance, such as `https://chat.example`. Links begin with it,
    /// https makes cookies Secure, other hosts are not answered, and posts from other origins are refused.
    /// Without it, the instance answers at any address that is not a name of the public DNS.
    // The full path keeps clap from unwrapping the `Option`, so the parser decides: a variable that is set and
    // empty counts as not set.
    #[arg(long, env = "SARANGBANG_URL", value_parser = parse_url, default_value = "", hide_default_value = true)]
    pub url: ::std::option::Option<Url>,
    /// Proxies whose `X-Forwarded-For` is trusted: addresses and networks, such as `127.0.0.1, 10.0.0.0/8`.
    #[arg(long, env = "TRUSTED_PROXIES", value_parser = parse_networks, default_value = "", hide_default_value = true)]
    pub trusted_proxies: ::std::vec::Vec<IpNet>,
    /// The time zone of readers whose browser has not sent its own.
    #[arg(long, env = "SARANGBANG_ZONE", value_parser = parse_zone, default_value = ZONE)]
    pub zone: String,
    /// Whether requests are rate-limited by user and by address. Switch it off for tests only.
    #[arg(long, env = "SARANGBANG_LIMITS", default_value = "on")]
    pub limits: Limits,
    /// Whether browsers are told to open this host over https only for a year (Strict-Transport-Security),
    /// where `SARANGBANG_URL` is https. That applies to every port of the host: switch it off if the host has
    /// services without https.
    #[arg(long, env = "SARANGBANG_HSTS", default_value = "on")]
    pub hsts: Hsts,
    #[arg(skip)]
    pub timeouts: SocketTimeouts,
    /// The program whose child processes decode images: this one.
    #[arg(skip = this_program())]
    pub program: PathBuf,
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
    /// Whether users connect over HTTPS. Then cookies are Secure.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// Whether responses carry Strict-Transport-Security.
    #[must_use]
    pub fn sends_hsts(&self) -> bool {
        self.is_secure() && self.hsts == Hsts::On
    }

    /// The instance's own origin, in the form of the `Origin` header.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        self.url.as_ref().map(|url| url.origin().ascii_serialization())
    }

    /// The beginning of links that a command prints, where the server listens at `address`.
    #[must_use]
    pub fn link_origin(&self, address: SocketAddr) -> String {
        match self.origin() {
            Some(origin) => origin,
            None if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
            None => format!("http://{address}"),
        }
    }
}

/// Linux's link still leads to this very program when its file has been replaced.
fn this_program() -> PathBuf {
    let link = Path::new("/proc/self/exe");
    if link.exists() { link.to_owned() } else { env::current_exe().unwrap_or_default() }
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

/// An address counts as a network of one.
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

/// Built in, so that an installed program needs no file but those that it serves.
const BUILT_WITH: &str = include_str!("../../Leptos.toml");

/// The run-time keys of Leptos: from Leptos.toml in the working directory, otherwise from the copy that is
/// built in; LEPTOS_* variables override either.
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

    /// The defaults.
    pub fn config() -> Config {
        Config {
            database_url: "sqlite://none.db".to_owned(),
            url: None,
            trusted_proxies: Vec::new(),
            zone: "Asia/Seoul".to_owned(),
            limits: Limits::On,
            hsts: Hsts::On,
            timeouts: SocketTimeouts::default(),
            program: this_program(),
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
