//! The file of a database: whether it is whole, what was deleted from it, copies of it.

use crate::{
    Error, Result,
    sql::{execute, query_one, query_value},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use std::path::Path;

/// SQLite before 3.51.3 can corrupt a database when its write-ahead log starts over.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
/// What the header of a file says since whose making, or rewriting, all that is deleted is overwritten.
const OVERWRITES_DELETIONS: i64 = 1;

pub(crate) async fn assert_version(db: &DatabaseConnection) -> Result<()> {
    let version: Option<String> = query_value(db, "SELECT sqlite_version()", []).await?;
    let version = version.ok_or(Error::Corrupt { what: "version" })?;
    let numbers = version.split('.').map_while(|part| part.parse().ok()).collect::<Vec<u32>>();
    if numbers.as_slice() < OLDEST_SQLITE.as_slice() {
        return Err(Error::File(format!(
            "SQLite {version} is too old: 3.51.3 is the oldest safe one"
        )));
    }
    Ok(())
}

/// Whether every page, index and reference is whole; what is not is said.
///
/// # Errors
/// [`Error::File`] with a sentence for the operator.
pub(crate) async fn check(db: &DatabaseConnection, file: &Path) -> Result<()> {
    let damaged = |what: &str| Error::File(format!("{} is damaged: {what}", file.display()));
    let found: Option<String> = query_value(db, "PRAGMA integrity_check(1)", []).await?;
    let found = found.ok_or(Error::Corrupt { what: "check" })?;
    if found != "ok" {
        return Err(damaged(&found));
    }
    match query_one::<BrokenReference>(db, "PRAGMA foreign_key_check", []).await? {
        None => Ok(()),
        Some(BrokenReference { table }) => {
            Err(damaged(&format!("a row of {table} refers to one that is not there")))
        }
    }
}

#[derive(Debug, FromQueryResult)]
struct BrokenReference {
    table: String,
}

/// Writes a consistent copy to a file that is empty or not there.
pub(crate) async fn copy_into(db: &DatabaseConnection, file: &Path) -> Result<()> {
    let path = file.to_str().ok_or_else(|| Error::File("the path is not UTF-8".to_owned()))?;
    execute(db, "VACUUM INTO $1", [path.into()]).await.map(drop)
}

/// From now on this connection overwrites what it deletes.
pub(crate) async fn overwrite_deletions(db: &DatabaseConnection) -> Result<()> {
    db.execute_unprepared("PRAGMA secure_delete = ON").await?;
    Ok(())
}

/// False where an earlier version made the file, and the disk had no space to write it anew.
pub(crate) async fn overwrites_deletions(db: &DatabaseConnection) -> Result<bool> {
    let version: Option<i64> = query_value(db, "PRAGMA user_version", []).await?;
    Ok(version.ok_or(Error::Corrupt { what: "version" })? >= OVERWRITES_DELETIONS)
}

/// Earlier versions left what they deleted in free pages: once, the file is written anew. It takes as much space
/// again, in a file rather than in memory.
pub(crate) async fn overwrite_free_pages(db: &DatabaseConnection) -> Result<()> {
    if overwrites_deletions(db).await? {
        return Ok(());
    }
    db.execute_unprepared("PRAGMA temp_store = FILE").await?;
    db.execute_unprepared("VACUUM").await?;
    db.execute_unprepared(&format!("PRAGMA user_version = {OVERWRITES_DELETIONS}")).await?;
    Ok(())
}
