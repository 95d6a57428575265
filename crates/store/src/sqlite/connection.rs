//! Connections, each with the settings of its purpose.

use crate::{Error, Result};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, RuntimeErr,
    sqlx::{Connection, sqlite::SqliteConnectOptions},
};
use std::{path::Path, time::Duration};

const READERS: u32 = 4;
/// Statements kept ready; those of the writer come in one form for each number of rows.
const STATEMENTS: usize = 512;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// For what must not keep the writer waiting.
const BESIDE_TIMEOUT: Duration = Duration::from_millis(50);
/// For a file that is meant to be in no use.
const ALONE_TIMEOUT: Duration = Duration::from_millis(200);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
    /// As `Write`, and a file that is missing is made.
    Create,
}

pub(crate) async fn connect(file: &Path, access: Access) -> Result<DatabaseConnection> {
    let mut options = options();
    let most = if access == Access::Read { READERS } else { 1 };
    options.max_connections(most).min_connections(1).test_before_acquire(false);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    let file = file.to_owned();
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .filename(&file)
            .create_if_missing(access == Access::Create)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENTS)
            .pragma("journal_mode", "WAL")
            .pragma("wal_autocheckpoint", "0")
            // What an INSERT of many rows may have to take back would else go through a file.
            .pragma("temp_store", "MEMORY")
            // What is deleted is overwritten: a copy of the file tells nothing of it.
            .pragma("secure_delete", "ON")
            .pragma("synchronous", "FULL");
        if access == Access::Read { sqlite.pragma("query_only", "ON") } else { sqlite }
    });
    // A full disk makes SQLite roll back by itself, and the driver, which still counts a transaction,
    // would put what follows into savepoints that are never committed. Such a connection is replaced.
    options.map_sqlx_sqlite_before_acquire(|connection, _| {
        let at_rest = !connection.is_in_transaction();
        Box::pin(async move { Ok(at_rest) })
    });
    Ok(Database::connect(options).await?)
}

/// Opens a file that may be another program's, to look at it: no setting that the file keeps is changed.
pub(crate) async fn open_to_inspect(file: &Path) -> Result<DatabaseConnection> {
    let of_file =
        |sqlite: SqliteConnectOptions| sqlite.busy_timeout(BUSY_TIMEOUT).pragma("query_only", "ON");
    existing(file, of_file).await.map_err(|error| explain(file, error.into()))
}

/// Opens a database for a moment while the server writes to it.
pub(crate) async fn open_beside_writer(file: &Path) -> Result<DatabaseConnection> {
    let of_file = |sqlite: SqliteConnectOptions| {
        sqlite.busy_timeout(BESIDE_TIMEOUT).pragma("wal_autocheckpoint", "0")
    };
    Ok(existing(file, of_file).await?)
}

/// The sentence for a file that cannot be read.
pub(crate) fn explain(file: &Path, error: Error) -> Error {
    let Error::Database(error) = error else { return error };
    match sqlite_code(&error) {
        Some(SQLITE_NOTADB) => Error::File(format!("{} is not a database", file.display())),
        _ => Error::File(format!("cannot read {}: {error}", file.display())),
    }
}

/// Opens a file as its only user, and folds its write-ahead log in.
pub(crate) async fn open_exclusive(file: &Path) -> std::result::Result<DatabaseConnection, DbErr> {
    existing(file, |sqlite| {
        sqlite
            .foreign_keys(true)
            .busy_timeout(ALONE_TIMEOUT)
            .pragma("locking_mode", "EXCLUSIVE")
            .pragma("journal_mode", "DELETE")
    })
    .await
}

/// A file that a server has open must not be exchanged or migrated under its feet: that server would go on writing
/// to the one that was put aside. A file that is broken is in no use, and is the one that a backup is wanted for.
pub(crate) async fn ensure_not_in_use(file: &Path) -> Result<()> {
    match lock_for_a_moment(file).await {
        Err(error) => match sqlite_code(&error) {
            Some(SQLITE_CORRUPT | SQLITE_NOTADB) => Ok(()),
            Some(SQLITE_BUSY | SQLITE_LOCKED) => {
                Err(Error::File(format!("{} is in use: stop the server first", file.display())))
            }
            _ => Err(Error::File(format!("cannot open {}: {error}", file.display()))),
        },
        Ok(()) => Ok(()),
    }
}

async fn lock_for_a_moment(file: &Path) -> std::result::Result<(), DbErr> {
    let db = open_exclusive(file).await?;
    let locked = db.execute_unprepared("BEGIN EXCLUSIVE; COMMIT").await;
    let closed = db.close().await;
    locked?;
    closed
}

async fn existing(
    file: &Path,
    settings: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> std::result::Result<DatabaseConnection, DbErr> {
    let mut options = options();
    options.max_connections(1);
    let file = file.to_owned();
    options.map_sqlx_sqlite_opts(move |sqlite| {
        settings(sqlite.filename(&file).create_if_missing(false))
    });
    Database::connect(options).await
}

/// The file is named later: the driver would read a % or a ? in its name as part of a URL.
fn options() -> ConnectOptions {
    let mut options = ConnectOptions::new("sqlite:");
    options.sqlx_logging(false);
    options
}

// https://www.sqlite.org/rescode.html
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_NOTADB: u32 = 26;

/// The primary result code, without what the extended one adds.
fn sqlite_code(error: &DbErr) -> Option<u32> {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return None;
    };
    let RuntimeErr::SqlxError(cause) = cause else {
        return None;
    };
    let code = cause.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xFF)
}
