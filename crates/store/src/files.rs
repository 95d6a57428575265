//! Files and folders, as far as the disk itself; what fails is a sentence for the operator.

use crate::{Error, Result};
use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

pub(crate) fn io_error(what: &str, path: &Path, error: &io::Error) -> Error {
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
    synced.map_err(|error| io_error("sync", path, &error))
}

/// Takes all bytes from a file.
pub(crate) fn empty(path: &Path) -> Result<()> {
    let emptied = File::options().write(true).truncate(true).open(path);
    emptied.map(drop).map_err(|error| io_error("write", path, &error))
}

/// Copies the bytes, none of the rights, into a new file, as far as the disk.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut source = File::open(from).map_err(|error| io_error("read", from, &error))?;
    let mut copy = File::create_new(to).map_err(|error| io_error("make", to, &error))?;
    let copied = io::copy(&mut source, &mut copy).and_then(|_| copy.sync_all());
    copied.map_err(|error| io_error("write", to, &error))
}

/// Renames a file or a folder within a folder, as far as the disk; what has the new name already is left alone.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    let exists = || Error::File(format!("{} exists already", to.display()));
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => {}
        Err(Errno::EXIST) => return Err(exists()),
        // Not every file system can promise it.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            if is_there(to) {
                return Err(exists());
            }
            fs::rename(from, to).map_err(|error| io_error("rename", from, &error))?;
        }
        Err(error) => return Err(io_error("rename", from, &error.into())),
    }
    sync(folder(to))
}

/// Whether something has this name, be it a link that leads nowhere.
pub(crate) fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Removes a file, or a folder with what is in it, if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(io_error("remove", path, &error))
        }
        _ => Ok(()),
    }
}

/// What lies in a folder; nothing in one that is not there.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = |error| io_error("read", folder, &error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(read)?,
    };
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(read)).collect()
}
