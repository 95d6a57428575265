//! The peers: how each is started, connected to, posted to and understood. One file each.

mod jetstream;
mod prisma_shape;
mod raw_broadcast;
mod sarangbang;
mod socketio;
pub mod static_page;

pub use jetstream::JetStream;
pub use prisma_shape::PrismaShape;
pub use raw_broadcast::RawBroadcast;
pub use sarangbang::Sarangbang;
pub use socketio::{SocketIo, Synchronous};
pub use static_page::StaticPage;

use crate::{
    Result,
    process::Launch,
    websocket::{self, Piece},
};
use std::{fmt, path::Path, rc::Rc};

/// Users who can sign in with each peer.
pub const USERS: usize = 1_000;

pub trait Peer: fmt::Debug {
    fn name(&self) -> &'static str;

    /// The command that starts it at this port, with its data in this folder, which is empty.
    fn launch(&self, port: u16, folder: &Path) -> Result<Launch>;

    /// What has to be sent once, before any member connects.
    fn preparation(&self) -> Vec<Step> {
        Vec::new()
    }

    /// How a member of the room connects, signs in and subscribes.
    fn greeting(&self, port: u16, member: usize) -> Vec<Step>;

    fn dialect(&self) -> Rc<dyn Dialect>;

    fn posting(&self) -> Posting {
        Posting::SameConnection
    }
}

#[derive(Debug, Clone)]
pub enum Step {
    Say(Vec<u8>),
    /// Waits for the response to an upgrade.
    Upgraded,
    /// Skips messages until one begins like this.
    Hear(&'static str),
}

/// How posts reach the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posting {
    /// Over the connection that receives, where they are acknowledged too.
    SameConnection,
    /// The same, but without acknowledgements.
    Unanswered,
    /// Over so many connections of their own, each of which takes one at a time.
    Beside { lines: usize },
}

impl Posting {
    pub const fn is_answered(self) -> bool {
        !matches!(self, Self::Unanswered)
    }

    pub const fn lines_beside(self) -> usize {
        match self {
            Self::Beside { lines } => lines,
            Self::SameConnection | Self::Unanswered => 0,
        }
    }
}

/// What a message from the peer means.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// The posts in it are those of the room's numbers in `(after, through]`.
    Changes {
        after: u64,
        through: u64,
    },
    Acknowledged(u32),
    Refused,
    /// It requires this answer.
    Answer(Vec<u8>),
    Nothing,
}

pub trait Dialect: fmt::Debug {
    /// The first whole message, and how many bytes it takes.
    fn next<'a>(&self, input: &'a [u8]) -> Option<(Piece<'a>, usize)> {
        websocket::next(input)
    }

    fn pong(&self, payload: &[u8]) -> Vec<u8> {
        let mut pong = Vec::new();
        websocket::pong(payload, &mut pong);
        pong
    }

    /// The bytes that post a text as this member of the room.
    fn post(&self, number: u32, member: usize, text: &str, out: &mut Vec<u8>);

    fn hear(&self, message: &[u8]) -> Heard;
}

/// The text frame of a client.
fn framed(text: &str) -> Vec<u8> {
    let mut frame = Vec::new();
    websocket::text(text.as_bytes(), websocket::From::Client, &mut frame);
    frame
}
