//! Waiting: for a condition, within a limit; or for a fixed time.

use crate::Result;
use std::time::Duration;
use tokio::time::{Instant, interval, interval_at, timeout};

/// How often a condition is checked.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Waits until a condition holds. Returns an error that names it when it does not within the limit.
pub async fn until(
    what: &str,
    limit: Duration,
    mut holds: impl AsyncFnMut() -> bool,
) -> Result<()> {
    let looking = async {
        let mut looks = interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            if holds().await {
                return;
            }
        }
    };
    timeout(limit, looking).await.map_err(|_| format!("{what}: not within {limit:?}").into())
}

/// Waits this long: how long a fault or a load is to last, or a client stays away.
pub async fn last(time: Duration) {
    if !time.is_zero() {
        interval_at(Instant::now() + time, time).tick().await;
    }
}

/// Runs `what`, and returns an error when it takes longer than the limit.
pub async fn within<T>(limit: Duration, what: impl Future<Output = T>) -> Result<T> {
    timeout(limit, what).await.map_err(|_| format!("not within {limit:?}").into())
}
