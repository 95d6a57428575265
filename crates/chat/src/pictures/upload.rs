//! A file while it is sent, and while it waits for its turn: what is small is in memory, what is not lies in a
//! file without a name beside the database, which is gone when it is dropped.

use crate::{Chat, broken};
use bytes::Bytes;
use domain::problem::Problem;
use std::{
    io::{self, BufReader, Seek, Write},
    path::Path,
};
use tempfile::SpooledTempFile;
use tokio::task::spawn_blocking;

/// Bytes of an upload in memory.
const MEMORY_MAX: usize = 64 * 1024;

#[derive(Debug)]
pub struct Upload {
    file: SpooledTempFile,
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
        Self { file: SpooledTempFile::new_in(MEMORY_MAX, folder), len: 0 }
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
    pub async fn and(mut self, piece: Bytes) -> Result<Self, Problem> {
        self.len += piece.len();
        let written = if self.len <= MEMORY_MAX {
            self.file.write_all(&piece).map(|()| self)
        } else {
            let writing = spawn_blocking(move || self.file.write_all(&piece).map(|()| self));
            writing.await.map_err(|error| broken(&error))?
        };
        written.map_err(|error| broken(&format!("an upload could not be kept: {error}")))
    }

    /// From its beginning.
    pub(super) fn read(mut self) -> io::Result<BufReader<SpooledTempFile>> {
        self.file.rewind()?;
        Ok(BufReader::new(self.file))
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        let len = bytes.len();
        let mut file = SpooledTempFile::new(usize::MAX);
        // In memory there is nothing that could fail.
        let _ = file.write_all(&bytes);
        Self { file, len }
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
            let mut read = Vec::new();
            upload.read().unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, sent);
            assert_eq!(folder.path().read_dir().unwrap().count(), 0, "it has no name");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let upload = Upload::beside(&folder.path().join("nowhere"));
        let kept = upload.and(vec![0; MEMORY_MAX + 1].into()).await;
        assert!(matches!(kept, Err(Problem::Internal { .. })), "{kept:?}");
    }
}
