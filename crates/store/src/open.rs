//! Opening the database: its settings, its schema, its epoch.

use crate::{
    Error, Quotas, Result, Store,
    entities::instance,
    files::io_error,
    location::Location,
    lock::DatabaseLock,
    permissions::withdraw_from_others,
    restore::Swap,
    schema::Schema,
    sqlite::{
        Access, Checkpoint, assert_version, checkpoint, connect, ensure_not_in_use, explain,
        open_to_inspect, overwrite_free_pages, overwrites_deletions,
    },
};
use domain::{admin::RegistrationMode, ids::Epoch};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait};
use std::{fs, sync::Arc};
use uuid::Uuid;

impl Store {
    /// Opens the database, makes the file and its folder if need be, and brings the schema up: for the server
    /// and for `migrate`. `url` is `sqlite://PATH`.
    ///
    /// # Errors
    /// [`Error::File`] with a sentence for the operator, when the file is of a newer version or of another
    /// program, when it is missing though others of its files lie there, and when it would have to be migrated
    /// while others have it open. Nothing is made or changed then.
    pub async fn open(url: &str) -> Result<Self> {
        let location = Location::parse(url)?;
        if Swap::is_interrupted(&location) {
            let lock = DatabaseLock::exclusive(&location)?;
            Swap::finish_interrupted(&location)?;
            lock.release();
        }
        let lock = DatabaseLock::shared_if_made(&location)?;
        location.refuse_to_replace_a_lost_one()?;
        let folder = location.folder();
        fs::create_dir_all(folder).map_err(|error| io_error("make the folder", folder, &error))?;
        let schema = schema_of(&location).await?;
        schema.refuse_others(&location)?;
        let lock = lock.map_or_else(|| DatabaseLock::shared(&location), Ok)?;
        if schema != Schema::Current || !is_up_to_date(&location).await? {
            migrate(&location, &lock).await?;
        }
        let write = connect(location.file(), Access::Write).await?;
        lock.mark_database()?;
        let store = Self::with(location, lock, write).await?;
        // What a server that was killed had deleted is still in its log. Where that cannot be cut off, since others
        // read it or the disk is full, it is later.
        let cut_off = checkpoint(&store.write, Checkpoint::Truncate).await;
        if cut_off.is_ok_and(|log| !log.is_busy) {
            return Ok(store);
        }
        store.leftovers.are_in_the_log();
        Ok(store)
    }

    /// Opens a database of this very version, which others may have open: for the commands that neither create nor
    /// migrate.
    ///
    /// # Errors
    /// [`Error::File`] with a sentence for the operator, when there is no such database. Nothing is made or
    /// changed then.
    pub async fn open_existing(url: &str) -> Result<Self> {
        let location = Location::parse(url)?;
        let lock = DatabaseLock::shared_if_made(&location)?;
        let file = location.file().display();
        if Swap::is_interrupted(&location) {
            return Err(Error::File(format!(
                "a restore of {file} was interrupted: `sarangbang migrate`, or the start of the server, finishes it"
            )));
        }
        let schema = schema_of(&location).await?;
        schema.refuse_others(&location)?;
        match schema {
            Schema::Empty => {
                return Err(Error::File(format!(
                    "there is no database at {file}: DATABASE_URL says where it lies, and `sarangbang serve` makes a \
                     new one"
                )));
            }
            Schema::Older => {
                return Err(Error::File(format!(
                    "{file} is of an older version of Sarangbang: `sarangbang migrate`, or the start of the server, \
                     brings it up to this one"
                )));
            }
            _ => {}
        }
        let lock = lock.map_or_else(|| DatabaseLock::shared(&location), Ok)?;
        let write = connect(location.file(), Access::Write).await?;
        Self::with(location, lock, write).await
    }

    async fn with(
        location: Location,
        lock: DatabaseLock,
        write: DatabaseConnection,
    ) -> Result<Self> {
        withdraw_from_others(&location);
        let epoch = epoch(&write).await?;
        let read = connect(location.file(), Access::Read).await?;
        Ok(Self {
            read,
            write,
            avatars: location.avatars().into(),
            avatar_removal: Arc::default(),
            epoch,
            lock,
            quotas: Quotas::NONE,
            leftovers: Arc::default(),
            log_pages: Arc::default(),
        })
    }

    /// Closes the database, the write-ahead log folded back into the file.
    pub async fn close(self) -> Result<()> {
        self.read.close().await?;
        self.write.close().await?;
        self.lock.release();
        Ok(())
    }
}

async fn schema_of(location: &Location) -> Result<Schema> {
    if location.is_vacant()? {
        return Ok(Schema::Empty);
    }
    let db = open_to_inspect(location.file()).await?;
    let schema = Schema::of(&db).await;
    db.close().await?;
    schema.map_err(|error| explain(location.file(), error))
}

/// Makes or migrates the tables, while nothing else has the database open: not even a server of a version that
/// knows no lock file.
async fn migrate(location: &Location, lock: &DatabaseLock) -> Result<()> {
    lock.make_exclusive()?;
    if !location.is_vacant()? {
        ensure_not_in_use(location.file()).await?;
    }
    let db = connect(location.file(), Access::Create).await?;
    assert_version(&db).await?;
    Migrator::up(&db, None).await?;
    ensure_epoch(&db).await?;
    if let Err(error) = overwrite_free_pages(&db).await {
        tracing::warn!(%error, "what an earlier version deleted may still be in free pages of the file");
    }
    db.close().await?;
    lock.make_shared()
}

/// False where the file may still hold what an earlier version deleted.
async fn is_up_to_date(location: &Location) -> Result<bool> {
    let db = open_to_inspect(location.file()).await?;
    let is_up_to_date = overwrites_deletions(&db).await;
    db.close().await?;
    is_up_to_date
}

async fn epoch(db: &DatabaseConnection) -> Result<Epoch> {
    let instance = instance::Entity::find().one(db).await?;
    instance
        .map(|instance| Epoch::from_uuid(instance.epoch))
        .ok_or(Error::Corrupt { what: "epoch" })
}

/// Says which life of the database this is, unless that is said.
async fn ensure_epoch(db: &DatabaseConnection) -> Result<()> {
    if instance::Entity::find().one(db).await?.is_some() {
        return Ok(());
    }
    let row = instance::ActiveModel {
        id: Set(1),
        epoch: Set(Uuid::new_v4()),
        registration: Set(RegistrationMode::Open.code().to_owned()),
    };
    instance::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::{ConnectionTrait, Statement};

    async fn pragma<T: sea_orm::TryGetable>(db: &DatabaseConnection, name: &str) -> T {
        let ask = Statement::from_string(db.get_database_backend(), format!("PRAGMA {name}"));
        db.query_one_raw(ask).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    #[tokio::test]
    async fn an_answer_means_that_it_is_on_disk_and_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/새 집/a 100%20.db", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        for db in [&store.write, &store.read] {
            assert_eq!(pragma::<String>(db, "journal_mode").await, "wal");
            assert_eq!(pragma::<i32>(db, "synchronous").await, 2, "FULL");
            assert_eq!(pragma::<i32>(db, "foreign_keys").await, 1);
            assert_eq!(pragma::<i32>(db, "busy_timeout").await, 5_000);
        }
        let write = "UPDATE instance SET id = 2";
        assert!(store.read.execute_unprepared(write).await.is_err());
        assert!(folder.path().join("새 집/a 100%20.db").exists(), "the name is taken as it is");
    }
}
