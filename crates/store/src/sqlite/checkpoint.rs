//! Checkpoints: the pages of the write-ahead log are written to the file.

use crate::Error;
use crate::{Result, sql::query_value};
use sea_orm::DatabaseConnection;

/// How much a checkpoint waits for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checkpoint {
    /// For no one; it does what it can.
    Passive,
    /// For readers, so that the log starts over at its beginning.
    Restart,
    /// As `Restart`; the log is then an empty file.
    Truncate,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Log {
    /// Others were reading or writing, and not all was done.
    pub is_busy: bool,
    /// How many pages it held.
    pub pages: i64,
}

pub(crate) async fn checkpoint(db: &DatabaseConnection, mode: Checkpoint) -> Result<Log> {
    let mode = match mode {
        Checkpoint::Passive => "PASSIVE",
        Checkpoint::Restart => "RESTART",
        Checkpoint::Truncate => "TRUNCATE",
    };
    let row = query_value(db, format!("PRAGMA wal_checkpoint({mode})"), []).await?;
    let (busy, pages, _): (i64, i64, i64) = row.ok_or(Error::Corrupt { what: "log" })?;
    Ok(Log { is_busy: busy != 0, pages })
}
