//! Who has a database open: everyone that uses it shares a lock file beside it, and what replaces or migrates
//! it has that file alone. The file stays, and says so once there is a database beside it: a database that is missing
//! there was lost.

use crate::{Error, Result, Store, files::io_error, location::Location, permissions::give_owner};
use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};
use std::{
    fs::{self, File},
    path::Path,
    sync::Arc,
    time::Duration,
};
use tokio::time::interval;

/// What the file holds once there is a database: a sentence for the operator.
const BESIDE_A_DATABASE: &str = "A database of Sarangbang lies beside this file.\n";

/// How often, and how far apart, a server looks whether an earlier one has ended.
const LOOKS: usize = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Held by the one server of a database, until it is dropped: what a server remembers is right only while it alone lets
/// users in.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl Store {
    /// Waits ten seconds for an earlier server to end.
    ///
    /// # Errors
    /// [`Error::File`] with a sentence for the operator, when it goes on.
    pub async fn lock_for_server(&self) -> Result<ServerLock> {
        let location = &self.lock.location;
        let path = location.sibling(".server");
        let opened = File::options().create(true).append(true).open(&path);
        let file = opened.map_err(|error| io_error("open", &path, &error))?;
        give_owner(location.owner_model(), &path);
        let mut looks = interval(BETWEEN_LOOKS);
        for _ in 0..LOOKS {
            looks.tick().await;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(ServerLock { _file: file }),
                Err(Errno::WOULDBLOCK) => {}
                Err(error) => return Err(io_error("lock", &path, &error.into())),
            }
        }
        Err(Error::File(format!(
            "another server has {} open: a database has one server",
            location.file().display()
        )))
    }
}

/// Held until it is released, or until all clones are dropped.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseLock {
    file: Arc<File>,
    location: Location,
}

impl DatabaseLock {
    /// None when the lock file has not been made.
    pub fn shared_if_made(location: &Location) -> Result<Option<Self>> {
        if location.sibling(".lock").exists() { Self::shared(location).map(Some) } else { Ok(None) }
    }

    /// Refused while a database is being replaced or migrated.
    pub fn shared(location: &Location) -> Result<Self> {
        Self::take(location, FlockOperation::NonBlockingLockShared)
    }

    /// Refused while anyone else has the database open.
    pub fn exclusive(location: &Location) -> Result<Self> {
        Self::take(location, FlockOperation::NonBlockingLockExclusive)
    }

    /// Refused while anyone else has the database open; the lock is lost then.
    pub fn make_exclusive(&self) -> Result<()> {
        self.change(FlockOperation::NonBlockingLockExclusive)
    }

    pub fn make_shared(&self) -> Result<()> {
        self.change(FlockOperation::NonBlockingLockShared)
    }

    pub fn database(&self) -> &Path {
        self.location.file()
    }

    /// From now on a database that is missing beside the file was lost.
    pub fn mark_database(&self) -> Result<()> {
        let path = self.location.sibling(".lock");
        let marked = match fs::metadata(&path) {
            Ok(file) if file.len() > 0 => return Ok(()),
            _ => fs::write(&path, BESIDE_A_DATABASE),
        };
        marked.map_err(|error| io_error("write", &path, &error))
    }

    /// Lets go of it, in all clones.
    pub fn release(&self) {
        // Nothing is left to do when it fails: the file is closed with the process.
        let _ = flock(&*self.file, FlockOperation::Unlock);
    }

    fn take(location: &Location, how: FlockOperation) -> Result<Self> {
        let path = location.sibling(".lock");
        let open = || File::options().read(true).open(&path);
        let file = match open() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let made = File::options().create(true).append(true).open(&path);
                made.inspect(|_| give_owner(location.owner_model(), &path)).and_then(|_| open())
            }
            opened => opened,
        };
        let file = Arc::new(file.map_err(|error| io_error("open", &path, &error))?);
        let lock = Self { file, location: location.clone() };
        lock.change(how)?;
        Ok(lock)
    }

    fn change(&self, how: FlockOperation) -> Result<()> {
        let database = self.location.file().display();
        match (flock(&*self.file, how), how) {
            (Ok(()), _) => Ok(()),
            (Err(Errno::WOULDBLOCK), FlockOperation::NonBlockingLockShared) => {
                Err(Error::File(format!(
                    "{database} is being restored or migrated by another process: try again when that is done"
                )))
            }
            (Err(Errno::WOULDBLOCK), _) => {
                Err(Error::File(format!("{database} is in use: stop the server first")))
            }
            (Err(error), _) => {
                Err(io_error("lock", &self.location.sibling(".lock"), &error.into()))
            }
        }
    }
}
