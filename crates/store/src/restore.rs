//! Bringing a backup back. It is prepared beside the database, and then takes its place in steps that are
//! finished at the next start if they are cut short; nothing that was there is lost.

mod renewal;
mod swap;
#[cfg(test)]
mod tests;

pub use renewal::Renewal;
pub(crate) use swap::Swap;

use crate::{
    Error, Result,
    avatars::{file_names, used},
    failpoints::crash_at,
    files::{self, folder, io_error},
    location::Location,
    lock::DatabaseLock,
    permissions::{take_rights_of, withdraw_from_others},
    schema::Schema,
    sqlite::{check, ensure_not_in_use, ensure_whole, explain, open_exclusive},
};
use domain::{clock::Millis, ids::AvatarId};
use sea_orm::DatabaseConnection;
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

/// What a restore did, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What was there before is kept under this name.
    pub kept: Option<PathBuf>,
    pub renewal: Renewal,
    /// Files of avatars that are shown and that neither the backup nor the database before it had.
    pub missing_avatars: usize,
}

/// Puts a backup in the place of the database. Its epoch is new, so that every browser throws its copy away; what
/// could be used to get in, and was ended or used up since, is ended again.
///
/// # Errors
/// [`Error::File`] with a sentence for the operator, when the file is no backup, is damaged or of a newer version,
/// and when the database is in use. The database is as it was then.
pub async fn restore(from: &Path, url: &str, at: Millis) -> Result<Restored> {
    restore_by_steps(from, url, at, &|| crash_at("restore")).await
}

/// `step` is called wherever the process may end and the disk be left as it is.
async fn restore_by_steps(
    from: &Path,
    url: &str,
    at: Millis,
    step: &(dyn Fn() + Sync),
) -> Result<Restored> {
    // What belongs to the backup lies beside the file itself, not beside a link to it.
    let real = fs::canonicalize(from).unwrap_or_else(|_| from.to_owned());
    let (from, location) = (Location::at(&real)?, Location::parse(url)?);
    refuse_if_no_source(&from, &location)?;
    refuse_to_replace_a_link(&location)?;
    let folder = location.folder();
    fs::create_dir_all(folder).map_err(|error| io_error("make the folder", folder, &error))?;
    let lock = DatabaseLock::exclusive(&location)?;
    Swap::finish_interrupted(&location)?;
    let prepared = prepare(&from, &location, at, step).await;
    let (renewal, has_avatars, missing_avatars) = prepared.inspect_err(|_| {
        // It says why in any case, and what is left over is removed by the next restore.
        let _ = discard(&location);
    })?;
    step();
    let swap = Swap::new(has_avatars);
    swap.write_journal(&location)?;
    let kept = swap.finish(&location, step)?;
    withdraw_from_others(&location);
    lock.release();
    Ok(Restored { kept, renewal, missing_avatars })
}

fn refuse_if_no_source(from: &Location, location: &Location) -> Result<()> {
    let name = from.file().display();
    if !from.file().is_file() {
        return Err(Error::File(format!("{name} is not a file")));
    }
    let real = |path: &Path| fs::canonicalize(path).ok();
    let source = real(from.file());
    let taken = [location.file().to_owned(), location.sibling(".incoming")];
    if taken.iter().any(|path| real(path).is_some() && real(path) == source) {
        return Err(Error::File(format!(
            "{name} is the database itself, or what a restore has left beside it: restore a backup"
        )));
    }
    // The raw copy of a database that is written meanwhile would be torn.
    if from.sibling(".lock").exists() {
        DatabaseLock::exclusive(from)?.release();
    }
    Ok(())
}

/// The restored file would take the place of the link, on another disk than the database perhaps.
fn refuse_to_replace_a_link(location: &Location) -> Result<()> {
    if !location.file().is_symlink() {
        return Ok(());
    }
    Err(Error::File(format!(
        "{} is a symbolic link: name the file that it leads to in DATABASE_URL",
        location.file().display()
    )))
}

/// Copies the backup to beside the database, and makes of it what will take its place.
async fn prepare(
    from: &Location,
    location: &Location,
    at: Millis,
    step: &(dyn Fn() + Sync),
) -> Result<(Renewal, bool, usize)> {
    ensure_whole(from)?;
    discard(location)?;
    let incoming = Location::at(&location.sibling(".incoming"))?;
    files::copy(from.file(), incoming.file())?;
    step();
    // A raw copy has its newest lines in the log beside it, or what has to be rolled back.
    for suffix in ["-wal", "-journal"] {
        if from.sibling(suffix).exists() {
            files::copy(&from.sibling(suffix), &incoming.sibling(suffix))?;
            step();
        }
    }
    let db = open_exclusive(incoming.file()).await.map_err(|_| no_backup(from))?;
    let renewed = renew(&db, from, at).await;
    db.close().await?;
    let (renewal, shown) = renewed.map_err(|error| explain(from.file(), error))?;
    step();
    for suffix in ["-wal", "-shm", "-journal"] {
        files::remove(&incoming.sibling(suffix))?;
    }
    let missing = bring_avatars(&shown, [from, location], &incoming)?;
    step();
    take_rights_of(location, &incoming)?;
    // Servers of versions that know no lock file. It folds the log in, so it comes when nothing else can be refused.
    if !location.is_vacant()? {
        ensure_not_in_use(location.file()).await?;
    }
    files::sync(incoming.file())?;
    files::sync(location.folder())?;
    Ok((renewal, incoming.avatars().exists(), missing))
}

async fn renew(
    db: &DatabaseConnection,
    from: &Location,
    at: Millis,
) -> Result<(Renewal, HashSet<AvatarId>)> {
    let schema = Schema::of(db).await.map_err(|_| no_backup(from))?;
    match schema {
        Schema::Empty | Schema::Foreign => return Err(no_backup(from)),
        Schema::Newer(_) => schema.refuse_others(from)?,
        Schema::Older | Schema::Current => {}
    }
    check(db, from.file()).await?;
    let renewal = renewal::renew(db, at).await?.ok_or_else(|| no_backup(from))?;
    Ok((renewal, used(db).await?))
}

fn no_backup(from: &Location) -> Error {
    Error::File(format!("{} is not a backup of Sarangbang", from.file().display()))
}

/// Brings the avatars that are shown: from beside the backup, or from where the database has them, since a copy
/// that was made by hand may have come without. Answers how many files are in neither place.
fn bring_avatars(
    shown: &HashSet<AvatarId>,
    places: [&Location; 2],
    incoming: &Location,
) -> Result<usize> {
    let mut missing = 0;
    for name in shown.iter().flat_map(|id| file_names(*id)) {
        let found =
            places.map(|place| place.avatars().join(&name)).into_iter().find(|it| it.is_file());
        let Some(found) = found else {
            missing += 1;
            continue;
        };
        let copy = incoming.avatars().join(&name);
        fs::create_dir_all(folder(&copy)).map_err(|error| io_error("make", &copy, &error))?;
        files::copy(&found, &copy)?;
    }
    if incoming.avatars().exists() {
        files::sync(&incoming.avatars())?;
    }
    Ok(missing)
}

/// Removes what a restore prepared that did not come to its swap.
fn discard(location: &Location) -> Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal", ".pictures"] {
        files::remove(&location.sibling(&format!(".incoming{suffix}")))?;
    }
    Ok(())
}
