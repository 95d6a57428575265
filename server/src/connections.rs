//! How many connections the instance accepts in all, and from one network.

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

/// Connections of one network. It is enough for a class of thirty behind one address, each with a few tabs,
/// each of which has a socket and loads pages beside it.
const MAX_OF_A_NETWORK: u32 = 512;
const MAX_IN_ALL: u32 = 50_000;
/// File descriptors for everything that is not a connection: the database, avatars, uploads, lingering
/// connections.
const OTHER_FILES: u32 = 256;
/// Refusals that are being written at a time. Further connections are closed without a response.
const REFUSALS_MAX: u32 = 64;

#[derive(Debug, Clone)]
pub struct Connections {
    all: Permits<()>,
    networks: Permits<IpAddr>,
    refusals: Permits<()>,
    /// Proxies are exempt from the limit of a network: they carry the connections of many clients.
    proxies: Arc<[IpNet]>,
}

/// A permit for one connection. Dropping it gives it back.
#[derive(Debug)]
pub struct Connection {
    _all: Permit<()>,
    /// None for a proxy.
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

    /// None when the limit is reached.
    pub fn take(&self, peer: IpAddr) -> Option<Connection> {
        let all = self.all.take(())?;
        let peer = peer.to_canonical();
        if self.proxies.iter().any(|network| network.contains(&peer)) {
            return Some(Connection { _all: all, _network: None });
        }
        let network = self.networks.take(address_block(peer))?;
        Some(Connection { _all: all, _network: Some(network) })
    }

    /// Answers 503 and closes the connection without reading the request.
    pub fn refuse(&self, stream: TcpStream) {
        let Some(refusal) = self.refusals.take(()) else { return };
        tokio::spawn(async move {
            let mut stream = stream;
            // The client may have gone already.
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

/// The limit on connections: the process's limit on open files, less those needed for other purposes.
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
