//! Whether a file and the log beside it are whole, as far as they say so themselves: SQLite reads a log up to the
//! first frame that is damaged, and takes what follows for never written.
//! The formats: <https://www.sqlite.org/fileformat2.html>, sections 1.3 and 4.

use crate::{Error, Result, files::io_error, location::Location};
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

const HEADER_BYTES: usize = 100;
const LOG_HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;

/// # Errors
/// [`Error::File`] with a sentence for the operator, when something is missing or damaged.
pub(crate) fn ensure_whole(from: &Location) -> Result<()> {
    let log = from.sibling("-wal");
    let has_log = log.metadata().is_ok_and(|log| log.len() > 0);
    let reading = |path: &Path, error: io::Error| io_error("read", path, &error);
    let is_whole = database_is_whole(from.file(), has_log);
    if !is_whole.map_err(|error| reading(from.file(), error))? {
        return Err(damaged(from.file()));
    }
    if has_log && !log_is_whole(&log).map_err(|error| reading(&log, error))? {
        return Err(damaged(&log));
    }
    Ok(())
}

fn damaged(path: &Path) -> Error {
    Error::File(format!("{} is cut short or damaged: its newest part is missing", path.display()))
}

/// Whole pages, and without a log as many as the header says. A file that is no database is for others to refuse.
fn database_is_whole(file: &Path, has_log: bool) -> io::Result<bool> {
    let mut header = [0; HEADER_BYTES];
    let length = file.metadata()?.len();
    if File::open(file)?.read_exact(&mut header).is_err()
        || !header.starts_with(b"SQLite format 3\0")
    {
        return Ok(true);
    }
    let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, high, low, ..] = header;
    let page = match u16::from_be_bytes([high, low]) {
        1 => 65_536,
        size => u64::from(size),
    };
    if page == 0 || length % page != 0 {
        return Ok(false);
    }
    // The count is valid where the file was last written by a version that keeps it.
    let is_valid = word(&header, 24) == word(&header, 92);
    Ok(has_log || !is_valid || u64::from(word(&header, 28)) * page == length)
}

/// Frames of an earlier round, whose salts are others, may follow the newest; among those of this round each checksum
/// continues the one before.
fn log_is_whole(log: &Path) -> io::Result<bool> {
    let length = log.metadata()?.len();
    let mut reader = BufReader::new(File::open(log)?);
    let mut header = [0; LOG_HEADER_BYTES];
    if reader.read_exact(&mut header).is_err() {
        return Ok(false);
    }
    let (magic, page) = (word(&header, 0), word(&header, 8));
    let is_big_endian = magic & 1 == 1;
    let mut sum = Checksum { is_big_endian, sums: (0, 0) };
    sum.add(header.get(..24).unwrap_or_default());
    let frame = FRAME_HEADER_BYTES as u64 + u64::from(page);
    let frames = length.saturating_sub(LOG_HEADER_BYTES as u64);
    let is_ours =
        magic & !1 == 0x377F_0682 && (512..=65_536).contains(&page) && page.is_power_of_two();
    if !is_ours || sum.sums != (word(&header, 24), word(&header, 28)) || frames % frame != 0 {
        return Ok(false);
    }
    let salts = (word(&header, 16), word(&header, 20));
    let mut buffer = vec![0; usize::try_from(frame).unwrap_or_default()];
    for _ in 0..frames / frame {
        reader.read_exact(&mut buffer)?;
        if (word(&buffer, 8), word(&buffer, 12)) != salts {
            return Ok(true);
        }
        sum.add(buffer.get(..8).unwrap_or_default());
        sum.add(buffer.get(FRAME_HEADER_BYTES..).unwrap_or_default());
        if sum.sums != (word(&buffer, 16), word(&buffer, 20)) {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Checksum {
    is_big_endian: bool,
    sums: (u32, u32),
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.chunks_exact(8) {
            let (first, second) = (self.number(pair, 0), self.number(pair, 4));
            self.sums.0 = self.sums.0.wrapping_add(first).wrapping_add(self.sums.1);
            self.sums.1 = self.sums.1.wrapping_add(second).wrapping_add(self.sums.0);
        }
    }

    fn number(&self, bytes: &[u8], at: usize) -> u32 {
        let number = word(bytes, at);
        if self.is_big_endian { number } else { number.swap_bytes() }
    }
}

/// The big-endian number at this place; 0 beyond the end.
fn word(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..).and_then(|rest| rest.first_chunk());
    bytes.map_or(0, |bytes| u32::from_be_bytes(*bytes))
}
