//! A file while it is sent, and while it waits for its turn: what is small is in memory, what is not lies in a
//! file without a name beside the database, which is gone when it is dropped.

use crate::{Chat, internal_error};
use bytes::Bytes;
use domain::error::AppError;
use std::{
    fs::File,
    io::{self, Seek, Write},
    path::Path,
};
use tempfile::{SpooledData, SpooledTempFile};
use tokio::task::spawn_blocking;

/// Bytes of an upload in memory.
const MEMORY_MAX: usize = 64 * 1024;

#[derive(Debug)]
pub struct Upload {
    file: SpooledTempFile,
    /// What came last: a client may send its file byte by byte.
    gathered: Vec<u8>,
    len: usize,
}

impl Chat {
    /// An upload of which nothing has come yet.
    #[must_use]
    pub fn upload(&self) -> Upload {
        Upload::beside(self.store.folder())
    }
}

impl Upload {
    fn beside(folder: &Path) -> Self {
        let file = SpooledTempFile::new_in(MEMORY_MAX, folder);
        Self { file, gathered: Vec::new(), len: 0 }
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// With the piece that came next.
    pub async fn and(mut self, piece: Bytes) -> Result<Self, AppError> {
        self.len += piece.len();
        self.gathered.extend_from_slice(&piece);
        if self.gathered.len() <= MEMORY_MAX {
            return Ok(self);
        }
        let writing = spawn_blocking(move || self.write_gathered().map(|()| self));
        let written = writing.await.map_err(|error| internal_error(&error))?;
        written.map_err(|error| internal_error(&format!("an upload could not be kept: {error}")))
    }

    fn write_gathered(&mut self) -> io::Result<()> {
        self.file.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }

    /// As a file, from its beginning.
    pub(super) fn into_file(mut self) -> io::Result<File> {
        self.write_gathered()?;
        self.file.roll()?;
        self.file.rewind()?;
        match self.file.into_inner() {
            SpooledData::OnDisk(file) => Ok(file),
            SpooledData::InMemory(_) => Err(io::Error::other("an upload stays in memory")),
        }
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        let file = SpooledTempFile::new(usize::MAX);
        Self { file, len: bytes.len(), gathered: bytes.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[tokio::test]
    async fn what_was_sent_is_read_whole_wherever_it_waits() {
        let folder = tempfile::tempdir().unwrap();
        for len in [0, 1, MEMORY_MAX, MEMORY_MAX + 1, 300_000] {
            let sent: Vec<u8> = (0..len).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let mut upload = Upload::beside(folder.path());
            for piece in sent.chunks(10_000) {
                upload = upload.and(Bytes::copy_from_slice(piece)).await.unwrap();
            }
            assert_eq!(upload.len(), len);
            assert_eq!(upload.file.is_rolled(), len > MEMORY_MAX);
            assert!(upload.gathered.capacity() <= 2 * MEMORY_MAX);
            let mut read = Vec::new();
            upload.into_file().unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, sent);
            assert_eq!(folder.path().read_dir().unwrap().count(), 0, "it has no name");
        }
    }

    /// Handing each of them to another thread takes forty times as long as this.
    #[tokio::test]
    async fn what_comes_byte_by_byte_is_written_in_large_pieces() {
        let folder = tempfile::tempdir().unwrap();
        let mut upload = Upload::beside(folder.path());
        let mut writes = 0;
        for _ in 0..1_000_000 {
            let before = upload.gathered.len();
            upload = upload.and(Bytes::from_static(b"x")).await.unwrap();
            writes += usize::from(upload.gathered.len() < before);
        }
        assert_eq!((upload.len(), writes), (1_000_000, 1_000_000 / (MEMORY_MAX + 1)));
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let upload = Upload::beside(&folder.path().join("nowhere"));
        let kept = upload.and(vec![0; MEMORY_MAX + 1].into()).await;
        assert!(matches!(kept, Err(AppError::Internal { .. })), "{kept:?}");
    }
}
