//! Who may read the files: other users of the machine may not, whatever an earlier version let them do.

use crate::{
    Result,
    files::{entries, io_error, with},
    location::Location,
};
use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

/// Read, write and search by those who are neither the owner nor in the group.
const OTHERS: u32 = 0o007;

/// Takes the rights of others from the database and from all that lies beside it; the group keeps its own.
/// Files of another owner, and a folder that cannot be read, stay as they are, and the log says so.
pub(crate) fn withdraw_from_others(location: &Location) {
    for suffix in ["", "-wal", "-shm", ".lock", ".server"] {
        withdraw(&with(location.file(), suffix));
    }
    withdraw_folder(&location.avatars());
    let kept = location.sibling(".before-restore-");
    for path in readable(location.folder()) {
        if path.as_os_str().as_encoded_bytes().starts_with(kept.as_os_str().as_encoded_bytes()) {
            if path.is_dir() { withdraw_folder(&path) } else { withdraw(&path) }
        }
    }
}

fn withdraw_folder(folder: &Path) {
    for file in readable(folder) {
        withdraw(&file);
    }
    withdraw(folder);
}

fn readable(folder: &Path) -> Vec<PathBuf> {
    entries(folder).unwrap_or_else(|error| {
        tracing::warn!(%error, "other users of this machine may read files in a folder");
        Vec::new()
    })
}

fn withdraw(path: &Path) {
    let Ok(there) = fs::metadata(path) else { return };
    let mode = there.permissions().mode();
    if mode & OTHERS == 0 {
        return;
    }
    if let Err(error) = fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS)) {
        tracing::warn!(%error, path = %path.display(), "other users of this machine may read a file");
    }
}

/// Gives what is to take the place of a database, and of its avatars, the owner and the group's rights of the one
/// that is there; where there is none, the owner of the folder.
pub(crate) fn take_rights_of(location: &Location, incoming: &Location) -> Result<()> {
    if let Ok(there) = fs::metadata(location.file()) {
        let mode = there.permissions().mode() & !OTHERS;
        fs::set_permissions(incoming.file(), Permissions::from_mode(mode))
            .map_err(|error| io_error("set the rights of", incoming.file(), &error))?;
    }
    let avatars = entries(&incoming.avatars())?;
    for new in [incoming.file().to_owned(), incoming.avatars()].iter().chain(&avatars) {
        give_owner(location.owner_model(), new);
    }
    Ok(())
}

/// Gives a new file the owner of a database, so that root may run a command of a server that is not root's.
pub(crate) fn give_owner(model: &Path, file: &Path) {
    let Ok(owner) = fs::metadata(model) else { return };
    // Only root may; for anyone else the owner is the same already.
    let _ = chown(file, Some(owner.uid()), Some(owner.gid()));
}
