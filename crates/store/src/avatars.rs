//! Avatars: files in a folder beside the database. A file is written before a profile or a room names it and removed
//! after none does, so that every avatar that is shown is there; a sweep removes what a crash leaves between the two.

mod lock;

use crate::{
    Error, Result, Store,
    files::{io_error, sync},
    sql::query_values,
    sqlite::has_column,
};
use bytes::Bytes;
use domain::{avatars::Size, clock::Millis, ids::AvatarId};
use futures::TryStreamExt;
use lock::{AvatarLock, lock_shared, try_lock_exclusive};
use object_store::{ObjectStore, local::LocalFileSystem, path::Path as Name};
use sea_orm::DatabaseConnection;
use std::collections::HashSet;
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// An avatar in one of its sizes, ready to be served.
#[derive(Debug, Clone)]
pub struct EncodedImage {
    pub size: Size,
    pub bytes: Bytes,
}

impl Store {
    /// Where the database lies, and whatever belongs beside it.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        let folder = self.avatars.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(".".as_ref())
    }

    /// Saves an avatar under a random name; it is on disk when this returns.
    pub async fn save_avatar(&self, sizes: Vec<EncodedImage>) -> Result<AvatarId> {
        let id = AvatarId::from_uuid(Uuid::new_v4());
        std::fs::create_dir_all(&*self.avatars)
            .map_err(|error| io_error("make", &self.avatars, &error))?;
        let folder = LocalFileSystem::new_with_prefix(&*self.avatars)?;
        let mut written = Vec::with_capacity(sizes.len() + 1);
        for EncodedImage { size, bytes } in sizes {
            let name = name(id, size);
            folder.put(&name, bytes.into()).await?;
            written.push(folder.path_to_filesystem(&name)?);
        }
        written.push(self.avatars.to_path_buf());
        let synced = spawn_blocking(move || written.iter().try_for_each(|path| sync(path)));
        synced.await.map_err(|_| Error::Stopped)??;
        Ok(id)
    }

    /// The bytes of an avatar, if there is one.
    pub async fn avatar(&self, id: AvatarId, size: Size) -> Result<Option<Bytes>> {
        let Some(folder) = self.avatar_folder() else { return Ok(None) };
        match folder.get(&name(id, size)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an avatar that no profile has. One that is gone already is none. While a backup is copying, it
    /// stays for the sweep.
    pub async fn remove_avatar(&self, id: AvatarId) -> Result<()> {
        let _in_turn = self.avatar_removal.lock().await;
        let Some(_hold) = try_lock_exclusive(&self.avatars)? else { return Ok(()) };
        let Some(folder) = self.avatar_folder() else { return Ok(()) };
        for size in Size::ALL {
            match folder.delete(&name(id, size)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Removes the avatars that were written before a moment and that nothing shows, none while a backup is
    /// copying. Answers how many files that were.
    pub async fn sweep_avatars(&self, before: Millis) -> Result<usize> {
        let _in_turn = self.avatar_removal.lock().await;
        let Some(_hold) = try_lock_exclusive(&self.avatars)? else { return Ok(0) };
        let Some(folder) = self.avatar_folder() else { return Ok(0) };
        let there: Vec<_> = folder.list(None).try_collect().await?;
        let used = used(&self.read).await?;
        let mut swept = 0;
        for file in there {
            let old = file.last_modified.timestamp_millis() < before.0;
            if old && of_name(&file.location).is_some_and(|id| !used.contains(&id)) {
                folder.delete(&file.location).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// No avatar is removed until this is dropped. None before the first avatar.
    pub(crate) async fn lock_avatars(&self) -> Result<Option<AvatarLock>> {
        let folder = self.avatars.clone();
        spawn_blocking(move || lock_shared(&folder)).await.map_err(|_| Error::Stopped)?
    }

    /// None before the first avatar.
    fn avatar_folder(&self) -> Option<LocalFileSystem> {
        LocalFileSystem::new_with_prefix(&*self.avatars).ok()
    }
}

/// Each table that has avatars, and which of its rows show them.
const USED: [(&str, &str); 2] = [("profiles", "TRUE"), ("rooms", "closed_at IS NULL")];
/// What the column is called, and was until the migration `plain_names`.
const COLUMNS: [&str; 2] = ["avatar_id", "picture_id"];

/// The avatars that a database shows, be it one of an earlier version that has fewer places for them.
pub(crate) async fn used(db: &DatabaseConnection) -> Result<HashSet<AvatarId>> {
    let mut used = HashSet::new();
    for (table, is_shown) in USED {
        for column in COLUMNS {
            if !has_column(db, table, column).await? {
                continue;
            }
            let ids =
                format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL AND {is_shown}");
            used.extend(query_values(db, ids, []).await?.into_iter().map(AvatarId::from_uuid));
        }
    }
    Ok(used)
}

/// The names of an avatar's files.
pub(crate) fn file_names(id: AvatarId) -> impl Iterator<Item = String> {
    Size::ALL.into_iter().map(move |size| name(id, size).to_string())
}

fn name(id: AvatarId, size: Size) -> Name {
    Name::from(format!("{id}-{}", size.side()))
}

/// Whose file it is; none of ours when the name says so.
fn of_name(name: &Name) -> Option<AvatarId> {
    AvatarId::parse(name.as_ref().rsplit_once('-')?.0).ok()
}
