//! Where a database lies, and what lies beside it under names that begin with its own.

use crate::{
    Error, Result,
    files::{entries, folder, io_error, with},
};
use std::path::{Path, PathBuf};

/// What tells that there was a database once. So does the lock file, once it says so.
const REMAINS: [&str; 4] = ["-wal", ".pictures", ".before-restore-", ".incoming"];
const LOCK_FILE: &str = ".lock";

/// The file of a database: an absolute path, since SQLite would read `file:…` as a URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location(PathBuf);

impl Location {
    /// Reads `sqlite://PATH`, the path letter by letter. `?mode=rwc`, which says what is done anyway, is
    /// understood; every other parameter is refused.
    pub fn parse(url: &str) -> Result<Self> {
        let unusable =
            || Error::File(format!("DATABASE_URL must be sqlite://PATH, and is {url:?}"));
        let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
        let whole = path.filter(|path| !path.starts_with("file:") && !path.contains(":memory:"));
        let whole = whole.ok_or_else(unusable)?;
        let (path, parameters) = whole.split_once('?').unwrap_or((whole, ""));
        if path.is_empty() {
            return Err(unusable());
        }
        // Before parameters were read they were taken for a part of the name.
        if !parameters.is_empty() && Path::new(whole).exists() {
            return Err(Error::File(format!(
                "DATABASE_URL has parameters, and an earlier version kept the database in a file of that \
                 very name: rename {whole:?}, and what lies beside it, to {path:?}, and leave out the parameters"
            )));
        }
        if !matches!(parameters, "" | "mode=rwc") {
            return Err(Error::File(format!(
                "DATABASE_URL must be sqlite://PATH without parameters: ?{parameters} is not understood"
            )));
        }
        let file =
            std::path::absolute(path).map_err(|error| io_error("find", path.as_ref(), &error))?;
        if file.is_dir() || path.ends_with('/') {
            return Err(Error::File(format!("DATABASE_URL names a folder: {}", file.display())));
        }
        Ok(Self(file))
    }

    /// A file that the operator names by its path.
    pub fn at(path: &Path) -> Result<Self> {
        let file = std::path::absolute(path).map_err(|error| io_error("find", path, &error))?;
        Ok(Self(file))
    }

    pub fn file(&self) -> &Path {
        &self.0
    }

    /// Where its avatars lie.
    pub fn avatars(&self) -> PathBuf {
        with(&self.0, ".pictures")
    }

    /// A file beside it, such as `.lock` or `-wal`.
    pub fn sibling(&self, suffix: &str) -> PathBuf {
        with(&self.0, suffix)
    }

    /// Whose owner new files beside the database get: the database's own, or where there is none yet, its folder's.
    pub fn owner_model(&self) -> &Path {
        if self.file().exists() { self.file() } else { self.folder() }
    }

    pub fn folder(&self) -> &Path {
        folder(&self.0)
    }

    /// Whether nothing is kept here. SQLite takes an empty file for a new database.
    pub fn is_vacant(&self) -> Result<bool> {
        match std::fs::metadata(&self.0) {
            Ok(file) => Ok(file.len() == 0),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(io_error("read", &self.0, &error)),
        }
    }

    /// A database that is missing where others of its files lie was lost or is not mounted: a new one in
    /// its place would belong to the first stranger who signs up.
    pub fn refuse_to_replace_a_lost_one(&self) -> Result<()> {
        if !self.is_vacant()? {
            return Ok(());
        }
        let Some(left) = self.remains()? else { return Ok(()) };
        Err(Error::File(format!(
            "there is no database at {}, but {} lies beside it: put the database back, or bring a backup back \
             with `sarangbang restore FILE`; to begin anew, move what is left elsewhere",
            self.0.display(),
            left.display()
        )))
    }

    /// Something that lies beside a database, if there is any.
    fn remains(&self) -> Result<Option<PathBuf>> {
        let name = self.0.file_name().unwrap_or_default().as_encoded_bytes();
        let is_left = |path: &PathBuf| {
            let other = path.file_name().unwrap_or_default().as_encoded_bytes();
            let rest = other.strip_prefix(name).unwrap_or_default();
            let says_so = || std::fs::metadata(path).is_ok_and(|lock| lock.len() > 0);
            REMAINS.iter().any(|remains| rest.starts_with(remains.as_bytes()))
                || (rest == LOCK_FILE.as_bytes() && says_so())
        };
        Ok(entries(self.folder())?.into_iter().filter(is_left).min())
    }
}
