//! Removing avatars and copying them exclude each other, between processes too: backups share the lock, a removal has
//! it alone. The folder itself is the lock file.

use crate::{Result, files::io_error};
use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};
use std::{fs::File, io, path::Path};

/// Until it is dropped.
pub(crate) struct AvatarLock {
    _folder: File,
}

/// Waits for a removal to end, which takes milliseconds. None where there is no folder.
pub(super) fn lock_shared(folder: &Path) -> Result<Option<AvatarLock>> {
    take(folder, FlockOperation::LockShared)
}

/// None while others have the lock, and where there is no folder.
pub(super) fn try_lock_exclusive(folder: &Path) -> Result<Option<AvatarLock>> {
    take(folder, FlockOperation::NonBlockingLockExclusive)
}

fn take(folder: &Path, how: FlockOperation) -> Result<Option<AvatarLock>> {
    let opened = match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|error| io_error("open", folder, &error))?,
    };
    loop {
        match flock(&opened, how) {
            Ok(()) => return Ok(Some(AvatarLock { _folder: opened })),
            Err(Errno::WOULDBLOCK) => return Ok(None),
            Err(Errno::INTR) => {}
            Err(error) => return Err(io_error("lock", folder, &error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{EncodedImage, Store};
    use bytes::Bytes;
    use domain::{avatars::Size, clock::Millis};

    #[tokio::test]
    async fn a_picture_that_is_removed_during_a_backup_goes_with_the_next_sweep() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/instance.db", folder.path().display());
        let (server, command) =
            (Store::open(&url).await.unwrap(), Store::open_existing(&url).await.unwrap());
        assert!(command.lock_avatars().await.unwrap().is_none(), "there is no folder yet");
        let encoded = |size| EncodedImage { size, bytes: Bytes::from_static(b"1") };
        let kept = server.save_avatar(Size::ALL.map(encoded).into()).await.unwrap();
        let is_there = async || server.avatar(kept, Size::Small).await.unwrap().is_some();
        let everything = Millis(i64::MAX);

        let backups = [command.lock_avatars().await.unwrap(), server.lock_avatars().await.unwrap()];
        assert!(backups.iter().all(Option::is_some), "two backups at once are in each other's way");
        server.remove_avatar(kept).await.unwrap();
        assert_eq!(server.sweep_avatars(everything).await.unwrap(), 0);
        assert!(is_there().await);
        drop(backups);
        assert_eq!(server.sweep_avatars(everything).await.unwrap(), Size::ALL.len());
        assert!(!is_there().await);
    }
}
