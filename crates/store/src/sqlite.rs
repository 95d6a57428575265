//! What only SQLite understands: transaction modes, PRAGMAs, checkpoints, copies of the file, the tables of tables. The
//! other modules speak SQL that other databases understand too.

mod checkpoint;
mod connection;
mod file;
mod tables;
mod whole;

pub(crate) use checkpoint::{Checkpoint, Log, checkpoint};
pub(crate) use connection::{
    Access, connect, ensure_not_in_use, explain, open_beside_writer, open_exclusive,
    open_to_inspect,
};
pub(crate) use file::{
    assert_version, check, copy_into, overwrite_deletions, overwrite_free_pages,
    overwrites_deletions,
};
pub(crate) use tables::{has_column, has_table, table_names};
pub(crate) use whole::ensure_whole;

use crate::Result;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

/// Begins a transaction that will write. A transaction that reads first and then writes would fail, without waiting,
/// when another has written meanwhile.
pub(crate) async fn begin_write(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(db.begin_with_options(options).await?)
}

/// The value of `LIMIT $n` for at most so many rows, or for all.
pub(crate) fn limit(most: Option<u32>) -> i64 {
    most.map_or(-1, i64::from)
}

/// `VALUES` of so many rows of so many columns: `(?, ?), (?, ?)`.
pub(crate) fn rows(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    vec![row; rows].join(", ")
}
