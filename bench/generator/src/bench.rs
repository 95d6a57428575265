//! What every measurement needs: paths, and how thorough the run is.

use crate::{
    Result,
    fleet::ClientFleet,
    peers::{JetStream, Peer, PrismaShape, RawBroadcast, Sarangbang, SocketIo, Synchronous},
    process::{Process, free_port},
    server_process::{Program, ServerProcess, prepare},
};
use std::{path::PathBuf, rc::Rc, time::Duration};
use tempfile::TempDir;

/// How thorough the run is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often each is measured, in turns.
    pub rounds: usize,
    /// How long each rate is held while the highest sustained rate is searched.
    pub step: Duration,
    /// How long half of that rate is held.
    pub half_rate: Duration,
    pub idle: usize,
    /// Messages in the large room, and in the large file.
    pub large: u32,
    pub million: u32,
}

impl Pace {
    pub const FULL: Self = Self {
        rounds: 5,
        step: Duration::from_secs(1),
        half_rate: Duration::from_secs(3),
        idle: 15_000,
        large: 250_000,
        million: 1_000_000,
    };
    pub const QUICK: Self = Self {
        rounds: 2,
        step: Duration::from_secs(1),
        half_rate: Duration::from_secs(2),
        idle: 2_000,
        large: 20_000,
        million: 50_000,
    };
}

#[derive(Debug)]
pub struct Bench {
    pub pace: Pace,
    pub program: Program,
    pub peers: PathBuf,
    pub nats: PathBuf,
    /// Where everything is written, on the disk that is measured.
    pub folder: PathBuf,
    pub server_process: Rc<ServerProcess>,
}

/// A running peer. Its data is deleted when it ends.
#[derive(Debug)]
pub struct Running {
    pub process: Process,
    #[expect(dead_code, reason = "held only until the peer has ended")]
    folder: TempDir,
}

/// The candidates that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Candidate {
    Sarangbang,
    SocketIo,
    Prisma,
    JetStream,
    Raw,
    RawCoalesced,
    SocketIoLazy,
}

impl Bench {
    /// The peer, configured for a room of this size.
    pub fn peer(&self, who: Candidate, size: usize) -> Result<Box<dyn Peer>> {
        let peers = self.peers.clone();
        let socket_io = |synchronous| SocketIo { peers: peers.clone(), synchronous };
        Ok(match who {
            Candidate::Sarangbang => Box::new(self.talking(size)?),
            Candidate::SocketIo => Box::new(socket_io(Synchronous::Full)),
            Candidate::SocketIoLazy => Box::new(socket_io(Synchronous::Normal)),
            Candidate::Prisma => Box::new(PrismaShape { peers: peers.clone() }),
            Candidate::JetStream => {
                Box::new(JetStream { peers: peers.clone(), program: self.nats.clone() })
            }
            Candidate::Raw => Box::new(RawBroadcast { coalesced: false }),
            Candidate::RawCoalesced => Box::new(RawBroadcast { coalesced: true }),
        })
    }

    /// Sarangbang, with the room of this size.
    pub fn talking(&self, size: usize) -> Result<Sarangbang> {
        Ok(Sarangbang {
            server_process: self.server_process.clone(),
            room: self.server_process.room(size)?.clone(),
        })
    }

    pub async fn start(&self, peer: &dyn Peer) -> Result<Running> {
        self.start_as(peer, false).await
    }

    /// Starts a peer so that its fsyncs are counted.
    pub async fn start_traced(&self, peer: &dyn Peer) -> Result<Running> {
        self.start_as(peer, true).await
    }

    async fn start_as(&self, peer: &dyn Peer, traced: bool) -> Result<Running> {
        let folder = tempfile::tempdir_in(&self.folder)?;
        let port = free_port()?;
        let launch = peer.launch(port, folder.path())?;
        let start = if traced { Process::start_traced } else { Process::start };
        let mut process = start(&launch, port, folder.path())?;
        process.is_open().await.map_err(|error| format!("{}: {error}", peer.name()))?;
        prepare(peer, port).await?;
        Ok(Running { process, folder })
    }

    /// Starts a peer and connects all members of its room.
    pub async fn fill(&self, peer: &dyn Peer, size: usize) -> Result<(Running, ClientFleet)> {
        let running = self.start(peer).await?;
        let fleet = running.connect(peer, size).await?;
        Ok((running, fleet))
    }
}

impl Running {
    pub async fn connect(&self, peer: &dyn Peer, size: usize) -> Result<ClientFleet> {
        let connected = ClientFleet::connect(peer, self.process.port, size).await;
        Ok(connected.map_err(|error| {
            format!("{}: {error}; it said: {}", peer.name(), self.process.output())
        })?)
    }
}
