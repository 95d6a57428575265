//! How long a connection waits for what. Tests wait less.

use domain::wire::HEARTBEAT_MILLIS;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketTimeouts {
    /// The greeting has to come by then.
    pub hello_within: Duration,
    /// How often the server asks whether the other side is still there. Who has been silent for two of
    /// these is gone.
    pub heartbeat: Duration,
    /// Whoever does not take what is sent for this long is gone.
    pub write_timeout: Duration,
    /// What is posted brings 16 KiB within this time, again and again.
    pub posted_within: Duration,
    /// A client takes 16 KiB of what is sent to it within this time of waiting for it, again and again.
    pub answer_write_timeout: Duration,
}

impl Default for SocketTimeouts {
    fn default() -> Self {
        Self {
            hello_within: Duration::from_secs(5),
            heartbeat: Duration::from_millis(HEARTBEAT_MILLIS.into()),
            write_timeout: Duration::from_secs(10),
            posted_within: Duration::from_secs(10),
            answer_write_timeout: Duration::from_secs(30),
        }
    }
}
