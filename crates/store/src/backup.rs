//! Copies of the database and its pictures, taken while both are in use. A copy gets its name when it is whole.

use crate::{
    Error, Result, Store,
    files::{self, cannot, entries, folder, is_there, with},
    location::Location,
    open::{explained, peek},
    pictures::{file_names, used},
    schema::{Schema, check},
};
use domain::ids::PictureId;
use sea_orm::{ConnectionTrait, Statement};
use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// How often the database is copied when a picture that it shows was removed before it could be.
const ATTEMPTS: usize = 32;

impl Store {
    /// Writes a consistent copy of the database to a new file, and the pictures that it shows to a folder beside
    /// it, while others read and write. Both are on disk when this returns; when it fails nothing has their names.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        self.copy_to(to, false).await
    }

    /// As [`Self::backup`]; and before the copy gets its name it is opened and checked, page by page, reference
    /// by reference, picture by picture.
    pub async fn backup_verified(&self, to: &Path) -> Result<()> {
        self.copy_to(to, true).await
    }

    async fn copy_to(&self, to: &Path, verified: bool) -> Result<()> {
        let to = Location::at(to)?;
        // A log of another copy would be read with this one.
        let (wal, journal) = (to.beside("-wal"), to.beside("-journal"));
        let names = [to.file(), &to.pictures(), &wal, &journal];
        if let Some(there) = names.into_iter().find(|path| is_there(path)) {
            return Err(Error::File(format!("{} exists already", there.display())));
        }
        let partial = Location::at(&to.beside(&format!(".partial-{}", Uuid::new_v4().simple())))?;
        let copied = self.copy_and_place(&partial, &to, verified).await;
        if copied.is_err() {
            files::remove(partial.file())?;
            files::remove(&partial.pictures())?;
        }
        copied
    }

    async fn copy_and_place(
        &self,
        partial: &Location,
        to: &Location,
        verified: bool,
    ) -> Result<()> {
        self.write_copy(partial).await?;
        if verified {
            verify(partial).await?;
        }
        let has_pictures = partial.pictures().exists();
        if has_pictures {
            files::rename(&partial.pictures(), &to.pictures())?;
        }
        // Last: where this name is, everything is.
        let placed = files::rename(partial.file(), to.file());
        if placed.is_err() && has_pictures {
            files::rename(&to.pictures(), &partial.pictures())?;
        }
        placed
    }

    async fn write_copy(&self, copy: &Location) -> Result<()> {
        let path = copy.file().to_str();
        let path = path.ok_or_else(|| Error::File("the path is not UTF-8".to_owned()))?;
        let mut missing = BTreeSet::new();
        // Before and after: what is exchanged meanwhile is in the one or in the other.
        self.copy_pictures(&used(&self.read).await?, copy)?;
        for _ in 0..ATTEMPTS {
            files::remove(copy.file())?;
            let backend = self.write.get_database_backend();
            let vacuum = Statement::from_sql_and_values(backend, "VACUUM INTO $1", [path.into()]);
            self.write.execute_raw(vacuum).await?;
            let shown = shown_in(copy).await?;
            let still = self.copy_pictures(&shown, copy)?;
            // What is missing twice was not removed meanwhile: it had been lost before.
            if still.is_empty() || still == missing {
                if !still.is_empty() {
                    tracing::warn!(
                        "{} files of pictures that are shown are not there",
                        still.len()
                    );
                }
                leave_only(&shown, copy)?;
                return files::sync(copy.file());
            }
            missing = still;
        }
        Err(Error::File("pictures were exchanged all the time: try again".to_owned()))
    }

    /// Copies what is not there yet, and answers the files that cannot be: a picture never changes, but it may go.
    fn copy_pictures(
        &self,
        ids: &HashSet<PictureId>,
        copy: &Location,
    ) -> Result<BTreeSet<PathBuf>> {
        let to = copy.pictures();
        let mut missing = BTreeSet::new();
        for name in ids.iter().flat_map(|id| file_names(*id)) {
            let (from, to) = (self.pictures.join(&name), to.join(&name));
            if to.exists() {
                continue;
            }
            if !from.exists() {
                missing.insert(from);
                continue;
            }
            fs::create_dir_all(folder(&to)).map_err(|error| cannot("make", &to, &error))?;
            if let Err(error) = files::copy(&from, &to) {
                if from.exists() {
                    return Err(error);
                }
                files::remove(&to)?;
                missing.insert(from);
            }
        }
        if to.exists() {
            files::sync(&to)?;
        }
        Ok(missing)
    }
}

async fn shown_in(copy: &Location) -> Result<HashSet<PictureId>> {
    let db = peek(copy.file()).await?;
    let shown = used(&db).await;
    db.close().await?;
    shown
}

/// Removes the pictures that were shown when the copying began, and are no more.
fn leave_only(shown: &HashSet<PictureId>, copy: &Location) -> Result<()> {
    let names: HashSet<String> = shown.iter().flat_map(|id| file_names(*id)).collect();
    let is_shown = |path: &Path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| names.contains(name))
    };
    for file in entries(&copy.pictures())?.iter().filter(|path| !is_shown(path)) {
        files::remove(file)?;
    }
    Ok(())
}

/// Opens a copy and checks it.
async fn verify(copy: &Location) -> Result<()> {
    let db = peek(copy.file()).await?;
    let verified = async {
        if Schema::of(&db).await? != Schema::Current {
            return Err(Error::File(format!("{} is not of this version", copy.file().display())));
        }
        check(&db, copy.file()).await?;
        used(&db).await
    };
    let shown = verified.await.map_err(|error| explained(copy.file(), error));
    db.close().await?;
    for name in shown?.into_iter().flat_map(file_names) {
        let file = with(&copy.pictures(), "").join(name);
        if !fs::metadata(&file).is_ok_and(|there| there.len() > 0) {
            return Err(Error::File(format!("a picture is missing: {}", file.display())));
        }
    }
    Ok(())
}
