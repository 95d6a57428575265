//! Folding the write-ahead log into the file.

use crate::{Error, Result, Store};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::time::Duration;

/// The write-ahead log's pages (4 KiB each) up to which it may wait for a quiet moment: 4 MiB.
const WAL_PAGES_FEW: i64 = 1_024;
/// And those beyond which it begins anew even if everybody has to wait for that: 256 MiB.
const WAL_PAGES_MOST: i64 = 65_536;

impl Store {
    /// How often [`Self::checkpoint`] wants to be called. Little at a time: whoever posts meanwhile waits for
    /// the same disk.
    pub const FOLDING: Duration = Duration::from_millis(250);

    /// Folds the write-ahead log into the file, beside the writer rather than in its way: it does no such
    /// thing itself. While somebody writes, the log has grown again by the end of that, and would never
    /// begin anew: so what little came meanwhile is folded in between two of the writer's transactions.
    pub async fn checkpoint(&self) -> Result<()> {
        if fold_in(&self.read, "PASSIVE").await? <= WAL_PAGES_FEW {
            return Ok(());
        }
        if fold_in(&self.write, "PASSIVE").await? > WAL_PAGES_MOST {
            // Somebody has been reading all the time; now the writer waits for a moment in which nobody is.
            fold_in(&self.write, "RESTART").await?;
        }
        Ok(())
    }
}

/// Answers how many pages the log held.
async fn fold_in(db: &DatabaseConnection, mode: &str) -> Result<i64> {
    let fold = format!("PRAGMA wal_checkpoint({mode})");
    let fold = Statement::from_string(db.get_database_backend(), fold);
    let row = db.query_one_raw(fold).await?.ok_or(Error::Corrupt { what: "log" })?;
    Ok(row.try_get("", "log")?)
}
