//! When the write-ahead log is checkpointed.

use crate::{
    Result, Store,
    sqlite::{Checkpoint, Log, checkpoint, open_beside_writer},
};
use std::{
    sync::{Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

/// The write-ahead log's pages (4 KiB each) up to which it may wait for a quiet moment: 64 MiB.
const WAL_SOFT_LIMIT: i64 = 16_384;
/// And those beyond which it starts over even if writers have to wait for that: 256 MiB.
const WAL_HARD_LIMIT: i64 = 65_536;
/// How long what was deleted may wait in the log for a quiet moment, so that it is gone within a minute.
const MAX_LEFTOVERS: Duration = Duration::from_secs(45);

impl Store {
    /// How often [`Self::checkpoint`] wants to be called while nothing is written.
    const IDLE_CHECKPOINT_INTERVAL: Duration = Duration::from_millis(250);
    /// And while something is. Little at a time: posts wait for the same disk and the same cores meanwhile.
    const BUSY_CHECKPOINT_INTERVAL: Duration = Duration::from_millis(50);

    /// Writes the pages of the write-ahead log to the file, beside the writer, which makes no checkpoints itself. While
    /// it writes, the log has grown again by the end of that and would never start over: what came meanwhile is
    /// written between two of its transactions. Answers how long to wait until the next.
    pub async fn checkpoint(&self) -> Result<Duration> {
        let Log { pages, .. } = checkpoint(&self.read, Checkpoint::Passive).await?;
        let is_idle = self.log_pages.swap(pages, Ordering::Relaxed) == pages;
        self.limit_log(pages).await?;
        Ok(if is_idle { Self::IDLE_CHECKPOINT_INTERVAL } else { Self::BUSY_CHECKPOINT_INTERVAL })
    }

    async fn limit_log(&self, pages: i64) -> Result<()> {
        if let Some(leftovers) = self.leftovers.take(pages, Instant::now()) {
            let cut_off = self.cut_off_log().await;
            if !cut_off.as_ref().is_ok_and(|log| !log.is_busy) {
                self.leftovers.wait_again(Waiting { pages: None, ..leftovers });
            }
            return cut_off.map(drop);
        }
        if pages <= WAL_SOFT_LIMIT {
            return Ok(());
        }
        if checkpoint(&self.write, Checkpoint::Passive).await?.pages > WAL_HARD_LIMIT {
            // There have been readers all the time; now the writer waits for a moment without one.
            checkpoint(&self.write, Checkpoint::Restart).await?;
        }
        Ok(())
    }

    /// Through a connection of its own, which hardly waits: while SQLite waits for readers here it keeps writers
    /// out, and a backup reads for minutes.
    async fn cut_off_log(&self) -> Result<Log> {
        let db = open_beside_writer(self.lock.database()).await?;
        let log = checkpoint(&db, Checkpoint::Truncate).await;
        db.close().await?;
        log
    }
}

/// What was deleted and is still in the write-ahead log, which otherwise is written over and never cut off.
#[derive(Debug, Default)]
pub(crate) struct Leftovers(Mutex<Option<Waiting>>);

#[derive(Debug, Clone, Copy)]
struct Waiting {
    since: Instant,
    /// How many pages the log held when it was last looked at.
    pages: Option<i64>,
}

impl Leftovers {
    /// Something was deleted that must not stay there.
    pub fn are_in_the_log(&self) {
        self.wait_again(Waiting { since: Instant::now(), pages: None });
    }

    fn wait_again(&self, waiting: Waiting) {
        self.lock().get_or_insert(waiting);
    }

    /// Those that are to go now: since the last look nothing was written, or it is time. What is deleted from now on
    /// waits anew.
    fn take(&self, pages: i64, now: Instant) -> Option<Waiting> {
        self.lock().take_if(|waiting| {
            let is_quiet = waiting.pages.replace(pages) == Some(pages);
            is_quiet || now.saturating_duration_since(waiting.since) >= MAX_LEFTOVERS
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_cut_off_when_it_is_quiet_or_late_and_never_without_a_reason() {
        let (leftovers, now) = (Leftovers::default(), Instant::now());
        let can_go = |pages, now| leftovers.take(pages, now).is_some();
        assert!(!can_go(7, now) && !can_go(7, now), "nothing was deleted");
        leftovers.are_in_the_log();
        assert!(!can_go(7, now), "it was just written");
        assert!(!can_go(9, now), "and is written again");
        assert!(can_go(9, now), "a quiet moment");
        assert!(!can_go(9, now), "once");
        leftovers.are_in_the_log();
        assert!(!can_go(11, now));
        assert!(can_go(13, now + MAX_LEFTOVERS + Store::IDLE_CHECKPOINT_INTERVAL), "late");
    }
}
