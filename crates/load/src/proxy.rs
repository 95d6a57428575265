//! A bad network between clients and an instance: it delays, repeats frames, and cuts anywhere.

mod frames;

use crate::{Result, wait::last};
use frames::Frames;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

const CHUNK: usize = 4 * 1024;

#[derive(Debug, Clone, Copy)]
pub enum NetworkFault {
    /// Each piece is delayed by up to this time.
    Delays(Duration),
    /// Every text frame is sent twice, both ways.
    Doubles,
    /// Each connection is cut `stride` bytes later than the one before, alternately in one direction and in the
    /// other.
    Cuts { stride: u64 },
}

#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    host: String,
    fault: NetworkFault,
    connections: AtomicU64,
    tame: AtomicBool,
    seed: u64,
}

impl Proxy {
    /// Opens a proxy before the instance at `host`.
    pub async fn before(host: &str, fault: NetworkFault, seed: u64) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (connections, tame) = (AtomicU64::new(0), AtomicBool::new(false));
        let state = Arc::new(State { host: host.to_owned(), fault, connections, tame, seed });
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(accept(listener, state.clone()));
        Ok(Self { address, state, accepting })
    }

    #[must_use]
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// The number of connections so far.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.state.connections.load(Relaxed)
    }

    /// From now on new connections pass unchanged.
    pub fn behaves(&self) {
        self.state.tame.store(true, Relaxed);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    // Dropped with this task, and all connections with it.
    let mut carrying = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let number = state.connections.fetch_add(1, Relaxed);
        carrying.spawn(carry(client, number, state.clone()));
        while carrying.try_join_next().is_some() {}
    }
}

/// Runs until either side ends, or the connection is cut.
async fn carry(mut client: TcpStream, number: u64, state: Arc<State>) {
    let Ok(mut server_process) = TcpStream::connect(&state.host).await else { return };
    let (from_client, to_client) = client.split();
    let (from_instance, to_instance) = server_process.split();
    let relay = |direction: u64| Relay {
        fault: (!state.tame.load(Relaxed)).then_some(state.fault),
        cut_after: cut_after(state.fault, number, direction),
        rng: StdRng::seed_from_u64(state.seed ^ (number * 2 + direction)),
        frames: Frames::default(),
    };
    // However it ended, both sides see it end.
    tokio::select! {
        _ = relay(0).carries(from_client, to_instance) => {}
        _ = relay(1).carries(from_instance, to_client) => {}
    }
}

const fn cut_after(fault: NetworkFault, number: u64, direction: u64) -> Option<u64> {
    match fault {
        NetworkFault::Cuts { stride } if number % 2 == direction => Some(number / 2 * stride),
        _ => None,
    }
}

/// One direction of a connection.
struct Relay {
    fault: Option<NetworkFault>,
    cut_after: Option<u64>,
    rng: StdRng,
    frames: Frames,
}

impl Relay {
    async fn carries(
        mut self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
    ) -> Result<()> {
        let mut buffer = vec![0; CHUNK];
        let mut left = self.cut_after.unwrap_or(u64::MAX);
        loop {
            let count = from.read(&mut buffer).await?;
            let piece = buffer.get(..count).unwrap_or_default();
            if piece.is_empty() {
                return Ok(());
            }
            match self.fault {
                None => to.write_all(piece).await?,
                Some(NetworkFault::Delays(most)) => {
                    last(most.mul_f64(self.rng.random())).await;
                    to.write_all(piece).await?;
                }
                Some(NetworkFault::Doubles) => to.write_all(&self.frames.doubled(piece)).await?,
                Some(NetworkFault::Cuts { .. }) => {
                    let most = usize::try_from(left).unwrap_or(usize::MAX);
                    let kept = piece.get(..most).unwrap_or(piece);
                    to.write_all(kept).await?;
                    left -= u64::try_from(kept.len())?;
                    if left == 0 {
                        return Ok(());
                    }
                }
            }
        }
    }
}
