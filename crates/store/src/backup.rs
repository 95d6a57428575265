//! Copies of the database and its avatars, taken while both are in use. A copy gets its name when it is whole.

use crate::{
    Error, Result, Store,
    avatars::{file_names, used},
    files::{self, entries, folder, io_error, is_there, with},
    location::Location,
    schema::Schema,
    sqlite::{check, copy_into, explain, open_to_inspect},
};
use domain::ids::AvatarId;
use rustix::fs::{FlockOperation, flock};
use std::{
    collections::HashSet,
    fs::{self, File},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// In the name of a copy that is being written, behind the name that it gets.
const PARTIAL: &str = ".partial-";
/// Once more where the folder of the avatars was made during the first.
const ATTEMPTS: usize = 2;

impl Store {
    /// Writes a consistent copy of the database to a new file, and the avatars that it shows to a folder beside
    /// it, while others read and write. Both are on disk when this returns; when it fails nothing has their names.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        self.copy_to(to, false).await
    }

    /// As [`Self::backup`]; and before the copy gets its name it is opened and checked, page by page, reference
    /// by reference, avatar by avatar.
    pub async fn backup_verified(&self, to: &Path) -> Result<()> {
        self.copy_to(to, true).await
    }

    async fn copy_to(&self, to: &Path, verified: bool) -> Result<()> {
        let to = Location::at(to)?;
        // A log of another copy would be read with this one.
        let (wal, journal) = (to.sibling("-wal"), to.sibling("-journal"));
        let names = [to.file(), &to.avatars(), &wal, &journal];
        if let Some(there) = names.into_iter().find(|path| is_there(path)) {
            return Err(Error::File(format!("{} exists already", there.display())));
        }
        if !to.folder().is_dir() {
            return Err(Error::File(format!("there is no folder {}", to.folder().display())));
        }
        remove_unfinished(&to)?;
        let partial = Partial::new(&to)?;
        let copied = self.copy_and_place(&partial.location, &to, verified).await;
        if copied.is_err() {
            partial.remove()?;
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
        let has_avatars = partial.avatars().exists();
        if has_avatars {
            files::rename(&partial.avatars(), &to.avatars())?;
        }
        // Last: where this name is, everything is.
        let placed = files::rename(partial.file(), to.file());
        if placed.is_err() && has_avatars {
            files::rename(&to.avatars(), &partial.avatars())?;
        }
        placed
    }

    async fn write_copy(&self, copy: &Location) -> Result<()> {
        for _ in 0..ATTEMPTS {
            files::remove(&copy.avatars())?;
            // From before the copy of the database until all that it shows is copied, no avatar is removed.
            let hold = self.lock_avatars().await?;
            files::empty(copy.file())?;
            copy_into(&self.write, copy.file()).await?;
            let missing = self.copy_avatars(&shown_in(copy).await?, copy)?;
            if hold.is_none() && missing > 0 {
                // The first avatar came and went meanwhile: now there is a folder to hold.
                continue;
            }
            if missing > 0 {
                tracing::warn!("{missing} files of pictures that are shown are not there");
            }
            break;
        }
        files::sync(copy.file())
    }

    /// Answers how many files are not there: they had been lost before.
    fn copy_avatars(&self, ids: &HashSet<AvatarId>, copy: &Location) -> Result<usize> {
        let to = copy.avatars();
        let mut missing = 0;
        for name in ids.iter().flat_map(|id| file_names(*id)) {
            let (from, to) = (self.avatars.join(&name), to.join(&name));
            if !from.exists() {
                missing += 1;
                continue;
            }
            fs::create_dir_all(folder(&to)).map_err(|error| io_error("make", &to, &error))?;
            files::copy(&from, &to)?;
        }
        if to.exists() {
            files::sync(&to)?;
        }
        Ok(missing)
    }
}

/// A copy that is being written. Its file is locked meanwhile: one that is not was left by a process that ended.
struct Partial {
    location: Location,
    _lock: File,
}

impl Partial {
    fn new(to: &Location) -> Result<Self> {
        let path = to.sibling(&format!("{PARTIAL}{}", Uuid::new_v4().simple()));
        let location = Location::at(&path)?;
        let made = File::create_new(&path).and_then(|file| {
            flock(&file, FlockOperation::NonBlockingLockExclusive)?;
            Ok(file)
        });
        let lock = made.map_err(|error| io_error("make", &path, &error))?;
        Ok(Self { location, _lock: lock })
    }

    fn remove(&self) -> Result<()> {
        for suffix in ["-journal", ".pictures", ""] {
            files::remove(&self.location.sibling(suffix))?;
        }
        Ok(())
    }
}

/// Removes the copies to this name that were not finished, and that no process writes any more.
fn remove_unfinished(to: &Location) -> Result<()> {
    let beginning = to.sibling(PARTIAL);
    let beginning = beginning.as_os_str().as_encoded_bytes();
    let is_partial = |path: &PathBuf| path.as_os_str().as_encoded_bytes().starts_with(beginning);
    for path in entries(to.folder())?.into_iter().filter(is_partial) {
        let Some(name) = path.to_str() else { continue };
        let copy = name.strip_suffix("-journal").or(name.strip_suffix(".pictures")).unwrap_or(name);
        let is_written = File::open(copy)
            .is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_err());
        if !is_written {
            files::remove(&path)?;
        }
    }
    Ok(())
}

async fn shown_in(copy: &Location) -> Result<HashSet<AvatarId>> {
    let db = open_to_inspect(copy.file()).await?;
    let shown = used(&db).await;
    db.close().await?;
    shown
}

/// Opens a copy and checks it.
async fn verify(copy: &Location) -> Result<()> {
    let db = open_to_inspect(copy.file()).await?;
    let verified = async {
        if Schema::of(&db).await? != Schema::Current {
            return Err(Error::File(format!("{} is not of this version", copy.file().display())));
        }
        check(&db, copy.file()).await?;
        used(&db).await
    };
    let shown = verified.await.map_err(|error| explain(copy.file(), error));
    db.close().await?;
    for name in shown?.into_iter().flat_map(file_names) {
        let file = with(&copy.avatars(), "").join(name);
        if !fs::metadata(&file).is_ok_and(|there| there.len() > 0) {
            return Err(Error::File(format!("a picture is missing: {}", file.display())));
        }
    }
    Ok(())
}
