//! Timeouts of connections. Tests use shorter ones.

use domain::wire::HEARTBEAT_MILLIS;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketTimeouts {
    /// How long after the upgrade the `hello` may arrive.
    pub hello_within: Duration,
    /// The interval of pings. A client that is silent for two intervals is disconnected.
    pub heartbeat: Duration,
    /// A client that takes nothing of what is sent for this long is disconnected.
    pub write_timeout: Duration,
    /// A posted body must bring 16 KiB within each such period.
    pub posted_within: Duration,
    /// A client must take 16 KiB of a response within each such period of waiting for it.
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
