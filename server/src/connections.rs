//! How many connections the instance has, and a network of them.

use crate::{
    permits::{Permit, Permits},
    security,
};
use app::i18n::not_read;
use axum::http::StatusCode;
use chat::address_block;
use ipnet::IpNet;
use rustix::process::{Resource, getrlimit};
use std::{net::IpAddr, sync::Arc};
use tokio::{io::AsyncWriteExt, net::TcpStream};

/// Connections of a network: a class of thirty behind one address, each with a few tabs, each of which has a
/// socket and loads pages beside it.
const MAX_OF_A_NETWORK: u32 = 512;
const MAX_IN_ALL: u32 = 50_000;
/// Open files that are no connections: the database, pictures, uploads, and what lingers.
const OTHER_FILES: u32 = 256;
/// Refusals that are being said at a time. What comes beside them is hung up on.
const REFUSALS_MAX: u32 = 64;

#[derive(Debug, Clone)]
pub struct Connections {
    all: Permits<()>,
    networks: Permits<IpAddr>,
    refusals: Permits<()>,
    /// Of these any number is let in: they bring the connections of others.
    proxies: Arc<[IpNet]>,
}

/// One of them. Dropping it gives it back.
#[derive(Debug)]
pub struct Connection {
    _all: Permit<()>,
    /// None of a proxy.
    _network: Option<Permit<IpAddr>>,
}

impl Connections {
    pub fn limited(proxies: &[IpNet]) -> Self {
        Self {
            all: Permits::limited(most_in_all()),
            networks: Permits::limited(MAX_OF_A_NETWORK),
            refusals: Permits::limited(REFUSALS_MAX),
            proxies: proxies.into(),
        }
    }

    pub fn unlimited() -> Self {
        Self {
            all: Permits::unlimited(),
            networks: Permits::unlimited(),
            refusals: Permits::unlimited(),
            proxies: Arc::default(),
        }
    }

    /// None when there are as many as there may be.
    pub fn take(&self, peer: IpAddr) -> Option<Connection> {
        let all = self.all.take(())?;
        let peer = peer.to_canonical();
        if self.proxies.iter().any(|network| network.contains(&peer)) {
            return Some(Connection { _all: all, _network: None });
        }
        let network = self.networks.take(address_block(peer))?;
        Some(Connection { _all: all, _network: Some(network) })
    }

    /// Says to a connection that it is one too many, without waiting for what it wants.
    pub fn refuse(&self, stream: TcpStream) {
        let Some(refusal) = self.refusals.take(()) else { return };
        tokio::spawn(async move {
            let mut stream = stream;
            // The client may not wait for it.
            let _ = stream.write_all(too_many().as_bytes()).await;
            crate::stream::linger(stream).await;
            drop(refusal);
        });
    }
}

fn too_many() -> String {
    let said = security::both(|language| not_read::words(language).too_many_connections.to_owned());
    format!(
        "HTTP/1.1 {} Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\n\
         content-length: {}\r\nretry-after: 10\r\nconnection: close\r\n\r\n{said}",
        StatusCode::SERVICE_UNAVAILABLE.as_u16(),
        said.len()
    )
}

/// As many as there may be open files, but for those that are needed besides.
fn most_in_all() -> u32 {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let files = u32::try_from(files).unwrap_or(u32::MAX);
    (files - OTHER_FILES.min(files / 4)).min(MAX_IN_ALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(connections: &Connections, peer: &str) -> usize {
        let peer = peer.parse().unwrap();
        let held: Vec<_> = std::iter::from_fn(|| connections.take(peer)).take(1_000).collect();
        held.len()
    }

    #[test]
    fn a_network_has_so_many_connections_and_a_proxy_those_of_everybody() {
        let connections = Connections::limited(&["10.0.0.0/8".parse().unwrap()]);
        assert_eq!(of(&connections, "192.0.2.1"), 512);
        assert_eq!(of(&connections, "2001:db8::1"), 512);
        assert_eq!(of(&connections, "10.1.2.3"), 1_000);
        assert_eq!(of(&connections, "::ffff:10.1.2.3"), 1_000);
        let held: Vec<_> = (0..512_u16)
            .filter_map(|n| connections.take(format!("2001:db8::{n:x}").parse().unwrap()))
            .collect();
        assert_eq!(held.len(), 512);
        assert_eq!(of(&connections, "2001:db8::ffff"), 0, "the same network");
        assert_eq!(of(&connections, "2001:db8:0:1::1"), 512);
        assert_eq!(of(&Connections::unlimited(), "192.0.2.1"), 1_000);
    }

    #[test]
    fn what_is_said_to_one_too_many_is_an_answer() {
        let said = too_many();
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
        assert_eq!(body.lines().count(), 2, "in both languages");
    }
}
