//! Opening the database: its settings, its schema, its epoch.

use crate::{Error, Result, Store, entities::house, pictures::folder_of};
use domain::{house::SignUpMode, ids::Epoch};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveValue::Set, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait,
    Statement, sqlx::Connection,
};
use std::{path::Path, time::Duration};
use uuid::Uuid;

/// SQLite before 3.51.3 can corrupt a database when its write-ahead log starts over.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
const READERS: u32 = 4;
/// The write-ahead log's pages (4 KiB each) up to which it may wait for a quiet moment: 4 MiB.
const WAL_PAGES_FEW: i64 = 1_024;
/// And those beyond which it begins anew even if everybody has to wait for that: 256 MiB.
const WAL_PAGES_MOST: i64 = 65_536;
/// Statements kept ready; those of the writer come in one form for each number of rows.
const STATEMENTS: usize = 512;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// How often [`Self::checkpoint`] wants to be called. Little at a time: whoever posts meanwhile waits for
    /// the same disk.
    pub const FOLDING: Duration = Duration::from_millis(250);

    /// Opens the database, makes the file and its folder if need be, and brings the schema up.
    /// `url` is `sqlite://PATH`.
    pub async fn open(url: &str) -> Result<Self> {
        let file = sqlite_path(url)?;
        make_folder(file)?;
        let write = connect(file, Access::Write).await?;
        assert_version(&write).await?;
        Migrator::up(&write, None).await?;
        let epoch = epoch(&write).await?;
        let read = connect(file, Access::Read).await?;
        Ok(Self { read, write, pictures: folder_of(file).into(), epoch })
    }

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

    /// Closes the database, the write-ahead log folded back into the file.
    pub async fn close(self) -> Result<()> {
        self.read.close().await?;
        Ok(self.write.close().await?)
    }
}

/// Answers how many pages the log held.
async fn fold_in(db: &DatabaseConnection, mode: &str) -> Result<i64> {
    let fold = format!("PRAGMA wal_checkpoint({mode})");
    let fold = Statement::from_string(db.get_database_backend(), fold);
    let row = db.query_one_raw(fold).await?.ok_or(Error::Corrupt { what: "log" })?;
    Ok(row.try_get("", "log")?)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// The file that a database URL names, letter by letter.
pub(crate) fn sqlite_path(url: &str) -> Result<&Path> {
    let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    path.filter(|path| !path.is_empty() && !path.contains(":memory:"))
        .map(Path::new)
        .ok_or_else(|| Error::File(format!("DATABASE_URL must be sqlite://PATH, and is {url:?}")))
}

fn make_folder(file: &Path) -> Result<()> {
    let Some(folder) = file.parent() else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        Error::File(format!("cannot make the folder {}: {error}", folder.display()))
    })
}

async fn connect(file: &Path, access: Access) -> Result<DatabaseConnection> {
    // The file is named below: the driver would read a % or a ? in its name as part of a URL.
    let mut options = ConnectOptions::new("sqlite:");
    let file = file.to_owned();
    let most = if access == Access::Write { 1 } else { READERS };
    options.max_connections(most).min_connections(1).sqlx_logging(false).test_before_acquire(false);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .filename(&file)
            .create_if_missing(access == Access::Write)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENTS)
            .pragma("journal_mode", "WAL")
            .pragma("wal_autocheckpoint", "0")
            // What an INSERT of many rows may have to take back would else go through a file.
            .pragma("temp_store", "MEMORY")
            .pragma("synchronous", "FULL");
        if access == Access::Read { sqlite.pragma("query_only", "ON") } else { sqlite }
    });
    // A full disk makes SQLite roll back by itself, and the driver, which still counts a transaction,
    // would put what follows into savepoints that nobody commits. Such a connection is replaced.
    options.map_sqlx_sqlite_before_acquire(|connection, _| {
        let at_rest = !connection.is_in_transaction();
        Box::pin(async move { Ok(at_rest) })
    });
    Ok(Database::connect(options).await?)
}

async fn assert_version(db: &DatabaseConnection) -> Result<()> {
    let ask =
        Statement::from_string(db.get_database_backend(), "SELECT sqlite_version() AS version");
    let row = db.query_one_raw(ask).await?.ok_or(Error::Corrupt { what: "version" })?;
    let version: String = row.try_get("", "version")?;
    let numbers = version.split('.').map_while(|part| part.parse().ok()).collect::<Vec<u32>>();
    if numbers.as_slice() < OLDEST_SQLITE.as_slice() {
        return Err(Error::File(format!(
            "SQLite {version} is too old: 3.51.3 is the oldest safe one"
        )));
    }
    Ok(())
}

async fn epoch(db: &DatabaseConnection) -> Result<Epoch> {
    if let Some(house) = house::Entity::find().one(db).await? {
        return Ok(Epoch::from_uuid(house.epoch));
    }
    let epoch = Uuid::new_v4();
    let row = house::ActiveModel {
        id: Set(1),
        epoch: Set(epoch),
        sign_up: Set(SignUpMode::Open.code().to_owned()),
    };
    house::Entity::insert(row).exec_without_returning(db).await?;
    Ok(Epoch::from_uuid(epoch))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pragma<T: sea_orm::TryGetable>(db: &DatabaseConnection, name: &str) -> T {
        let ask = Statement::from_string(db.get_database_backend(), format!("PRAGMA {name}"));
        db.query_one_raw(ask).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    #[tokio::test]
    async fn an_answer_means_that_it_is_on_disk_and_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/새 집/a 100%20?.db", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        for db in [&store.write, &store.read] {
            assert_eq!(pragma::<String>(db, "journal_mode").await, "wal");
            assert_eq!(pragma::<i32>(db, "synchronous").await, 2, "FULL");
            assert_eq!(pragma::<i32>(db, "foreign_keys").await, 1);
            assert_eq!(pragma::<i32>(db, "busy_timeout").await, 5_000);
        }
        let write = "UPDATE house SET id = 2";
        assert!(store.read.execute_unprepared(write).await.is_err());
        assert!(folder.path().join("새 집/a 100%20?.db").exists(), "the name is taken as it is");
    }
}
