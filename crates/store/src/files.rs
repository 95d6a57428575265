//! Files and folders, as far as the disk itself; what fails is a sentence for the operator.

use crate::{Error, Result};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

pub(crate) fn cannot(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::File(format!("cannot {what} {}: {error}", path.display()))
}

/// The path with something behind its last name, as SQLite names what belongs to a database.
pub(crate) fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The folder in which a file lies; paths are absolute here.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// Makes a file, or the names in a folder, survive a power cut.
pub(crate) fn sync(path: &Path) -> Result<()> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|error| cannot("sync", path, &error))
}

/// What lies in a folder; nothing in one that is not there.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = |error| cannot("read", folder, &error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(read)?,
    };
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(read)).collect()
}
