//! Copies of the database: taken while it is in use, brought back with a new epoch.

use crate::{
    Error, Result, Store,
    entities::house,
    files::with,
    location::Location,
    lock::DatabaseLock,
    open::{alone, refuse_if_in_use},
};
use domain::ids::Epoch;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement, sea_query::Expr};
use std::{
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

impl Store {
    /// Writes a consistent copy of the database to a new file, and the pictures to a folder beside it,
    /// while others read and write.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        let pictures = folder_of(to);
        if let Some(there) = [to, &pictures].into_iter().find(|path| path.exists()) {
            return Err(Error::File(format!("{} exists already", there.display())));
        }
        // Before and after: what is exchanged meanwhile is in the one or in the other.
        copy_pictures(&self.pictures, &pictures)?;
        let path = to.to_str().ok_or_else(|| Error::File("the path is not UTF-8".to_owned()))?;
        let backend = self.write.get_database_backend();
        let copy = Statement::from_sql_and_values(backend, "VACUUM INTO $1", [path.into()]);
        self.write.execute_raw(copy).await?;
        copy_pictures(&self.pictures, &pictures)
    }
}

/// Copies what is not there yet. A picture never changes, but it may go while this is looking at it.
fn copy_pictures(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    let read = |error| io("read", from, &error);
    fs::create_dir_all(to).map_err(|error| io("make", to, &error))?;
    for picture in fs::read_dir(from).map_err(read)? {
        let picture = picture.map_err(read)?;
        let copy = to.join(picture.file_name());
        if copy.exists() {
            continue;
        }
        match fs::copy(picture.path(), &copy) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io("copy", &picture.path(), &error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Puts a backup in the place of the database. Its epoch is new, so that every browser throws its
/// copy away; what was there before is kept beside it, under the name that is returned.
pub async fn restore(from: &Path, url: &str) -> Result<Option<PathBuf>> {
    let location = Location::parse(url)?;
    let target = location.file();
    if !from.is_file() {
        return Err(Error::File(format!("{} is not a file", from.display())));
    }
    if target.exists() {
        refuse_if_in_use(target).await?;
    } else if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(|error| io("make", folder, &error))?;
    }
    let lock = DatabaseLock::exclusive(&location)?;
    let incoming = beside(target, "incoming");
    remove_if_there(&incoming)?;
    fs::copy(from, &incoming).map_err(|error| io("copy", from, &error))?;
    renew_epoch(&incoming).await.inspect_err(|_| drop(fs::remove_file(&incoming)))?;
    let pictures = bring_pictures(from, target)?;
    let kept = keep_the_old(target, pictures.is_some())?;
    fs::rename(&incoming, target).map_err(|error| io("put in place", target, &error))?;
    if let Some(pictures) = pictures {
        let place = folder_of(target);
        fs::rename(pictures, &place).map_err(|error| io("put in place", &place, &error))?;
    }
    lock.release();
    Ok(kept)
}

/// Copies the pictures of a backup to where they can be put in place. A backup without any leaves those
/// that are there: they may be its own.
fn bring_pictures(from: &Path, target: &Path) -> Result<Option<PathBuf>> {
    let (from, incoming) = (folder_of(from), folder_of(&beside(target, "incoming")));
    if !from.exists() {
        return Ok(None);
    }
    if incoming.exists() {
        fs::remove_dir_all(&incoming).map_err(|error| io("remove", &incoming, &error))?;
    }
    copy_pictures(&from, &incoming)?;
    Ok(Some(incoming))
}

async fn renew_epoch(file: &Path) -> Result<Epoch> {
    let not_ours = |_| Error::File("this is not a backup of Sarangbang".to_owned());
    let db = alone(file).await.map_err(|error| not_ours(error.into()))?;
    let epoch = Uuid::new_v4();
    let renewed = house::Entity::update_many()
        .col_expr(house::Column::Epoch, Expr::value(epoch))
        .filter(house::Column::Id.eq(1))
        .exec(&db)
        .await
        .map_err(|error| not_ours(error.into()))?;
    db.close().await?;
    if renewed.rows_affected == 1 {
        Ok(Epoch::from_uuid(epoch))
    } else {
        Err(not_ours(Error::Busy))
    }
}

/// A log that could not be folded in, since the file is broken, is kept with it.
fn keep_the_old(target: &Path, with_pictures: bool) -> Result<Option<PathBuf>> {
    if !target.exists() {
        return Ok(None);
    }
    let kept = beside(target, &format!("before-restore-{}", Uuid::now_v7().simple()));
    let pictures = with_pictures.then_some(".pictures");
    for suffix in ["", "-wal", "-shm"].into_iter().chain(pictures) {
        let (from, to) = (with(target, suffix), with(&kept, suffix));
        if from.exists() {
            fs::rename(&from, to).map_err(|error| io("put aside", &from, &error))?;
        }
    }
    Ok(Some(kept))
}

fn remove_if_there(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(io("remove", file, &error))
        }
        _ => Ok(()),
    }
}

fn beside(file: &Path, name: &str) -> PathBuf {
    with(file, &format!(".{name}"))
}

fn folder_of(file: &Path) -> PathBuf {
    with(file, ".pictures")
}

fn io(what: &str, file: &Path, error: &std::io::Error) -> Error {
    Error::File(format!("cannot {what} {}: {error}", file.display()))
}
