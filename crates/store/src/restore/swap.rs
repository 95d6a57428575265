//! What was prepared takes the place of the database. Several names change, and not at once: a journal beside the
//! database says so first, and the next program that opens the database goes on with it.

use crate::{
    Error, Result,
    files::{self, io_error, is_there},
    location::Location,
};
use std::{
    fs::{self, File},
    io::Write,
    path::PathBuf,
};
use uuid::Uuid;

/// Its journal is written once everything that it moves is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Swap {
    /// Ends the name under which what was there before is kept.
    mark: Uuid,
    /// Whether avatars were prepared. If not, those that are there are kept with the database before.
    has_avatars: bool,
}

impl Swap {
    pub fn new(has_avatars: bool) -> Self {
        Self { mark: Uuid::now_v7(), has_avatars }
    }

    /// Whether one was begun and not finished.
    pub fn is_interrupted(location: &Location) -> bool {
        is_there(&journal(location))
    }

    /// Goes on with one that was begun and not finished, if there is one. The caller has the database alone.
    pub fn finish_interrupted(location: &Location) -> Result<()> {
        let Some(swap) = Self::read(location)? else { return Ok(()) };
        let kept = swap.finish(location, &|| ())?;
        tracing::info!(kept = ?kept, "a restore that was interrupted is finished");
        Ok(())
    }

    /// From here on it will be finished.
    pub fn write_journal(&self, location: &Location) -> Result<()> {
        let (path, new) = (journal(location), location.sibling(".restore-new"));
        files::remove(&new)?;
        let avatars = if self.has_avatars { "pictures" } else { "alone" };
        let text = format!("{} {avatars}\n", self.mark.simple());
        let written = File::create_new(&new)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.map_err(|error| io_error("write", &new, &error))?;
        files::rename(&new, &path)
    }

    fn read(location: &Location) -> Result<Option<Self>> {
        let path = journal(location);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|error| io_error("read", &path, &error))?,
        };
        let read = text.trim_end().split_once(' ').and_then(|(mark, avatars)| {
            let mark = Uuid::try_parse(mark).ok()?;
            Some(Self { mark, has_avatars: avatars == "pictures" })
        });
        let odd = || {
            Error::File(format!("{} does not say which restore is to be finished", path.display()))
        };
        read.map(Some).ok_or_else(odd)
    }

    /// Moves what is still to be moved: as long as the prepared database has its own name, what has the names of the
    /// database is what was there before. Answers where that is kept.
    pub fn finish(&self, location: &Location, step: &(dyn Fn() + Sync)) -> Result<Option<PathBuf>> {
        let kept = format!(".before-restore-{}", self.mark.simple());
        let incoming = location.sibling(".incoming");
        if is_there(&incoming) {
            let aside = |suffix: &str| {
                step();
                move_if_there(location, suffix, &format!("{kept}{suffix}"))
            };
            for suffix in ["-wal", "-shm", "-journal"] {
                aside(suffix)?;
            }
            let avatars_are_placed =
                self.has_avatars && !is_there(&location.sibling(".incoming.pictures"));
            if !avatars_are_placed {
                aside(".pictures")?;
                step();
                move_if_there(location, ".incoming.pictures", ".pictures")?;
            }
            aside("")?;
            step();
            files::rename(&incoming, location.file())?;
        }
        step();
        files::remove(&journal(location))?;
        files::sync(location.folder())?;
        let kept = location.sibling(&kept);
        Ok(is_there(&kept).then_some(kept))
    }
}

fn move_if_there(location: &Location, from: &str, to: &str) -> Result<()> {
    let from = location.sibling(from);
    if is_there(&from) { files::rename(&from, &location.sibling(to)) } else { Ok(()) }
}

fn journal(location: &Location) -> PathBuf {
    location.sibling(".restore")
}
