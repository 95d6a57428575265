//! How clients behave, what they are asked to do, and what can be seen of them meanwhile.

use domain::{ids::RoomId, messages::Rev};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize},
    },
    time::Duration,
};

/// What all clients are asked to do.
#[derive(Debug, Clone)]
pub enum Phase {
    OpenDirectRoom,
    /// Say nothing new; see what was said through.
    Quiet,
    /// Go home once everything up to these numbers has been shown.
    Leave(Arc<BTreeMap<RoomId, Rev>>),
    /// Go home as you are.
    Over,
}

/// How a client behaves.
#[derive(Debug, Clone, Copy)]
pub struct Behavior {
    /// Between two messages. None never speaks.
    pub every: Option<Duration>,
    /// How likely it is, instead of a message, to hang up without a word.
    pub drops: f64,
    /// Characters added to each message.
    pub padding: usize,
}

/// What can be seen of a client while it lives.
#[derive(Debug, Default)]
pub struct Metrics {
    pub pending: AtomicUsize,
    pub acked: AtomicU64,
    pub connected: AtomicBool,
    /// From when something was said to when it was shown to this client, live.
    pub delays: Mutex<Vec<Duration>>,
}
