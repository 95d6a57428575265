//! How clients behave, what they are to do at the moment, and what can be observed of them.

use domain::{ids::RoomId, messages::Rev};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize},
    },
    time::Duration,
};

/// What all clients are to do at the moment.
#[derive(Debug, Clone)]
pub enum Phase {
    Talk,
    /// Send nothing new; wait until everything sent is acknowledged.
    Quiet,
    /// Stop once everything up to these numbers has been shown.
    Leave(Arc<BTreeMap<RoomId, Rev>>),
    /// Stop at once.
    Over,
}

/// How a client behaves.
#[derive(Debug, Clone, Copy)]
pub struct Behavior {
    /// The time between two messages. None: it never sends.
    pub every: Option<Duration>,
    /// The probability, at each turn, of disconnecting without a closing handshake instead of sending.
    pub drops: f64,
    /// Characters added to each message.
    pub padding: usize,
}

/// What can be observed of a client while it runs.
#[derive(Debug, Default)]
pub struct Metrics {
    pub pending: AtomicUsize,
    pub acked: AtomicU64,
    pub connected: AtomicBool,
    /// The times from sending a message to its being shown to this client, delivered live.
    pub delays: Mutex<Vec<Duration>>,
}
