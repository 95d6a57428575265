//! A file whose reader is stopped when the program has grown too much meanwhile. The tables for a WebP's codes are
//! as many as its bytes say, each far larger than what says it, and its decoder has no limit for them.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};

/// What Linux counts memory in, on most machines. Where it is more, less is let through.
const PAGE: u64 = 4096;

/// It is asked each time that so many bytes are read from the file, which is how `BufReader` reads.
pub struct Watched<R> {
    file: BufReader<Source<R>>,
}

struct Source<R> {
    file: R,
    /// Bytes that the program may hold.
    most: Option<u64>,
}

#[derive(Debug, thiserror::Error)]
#[error("it takes too much memory")]
struct TooMuch;

/// Whether this is why a file could not be read on.
pub fn is_too_much(error: &io::Error) -> bool {
    error.get_ref().and_then(|error| error.downcast_ref::<TooMuch>()).is_some()
}

impl<R: Read> Watched<R> {
    /// Lets the program grow by so many bytes.
    pub fn new(file: R, most: u64) -> Self {
        let most = held().map(|held| held + most);
        Self { file: BufReader::new(Source { file, most }) }
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let (Some(most), Some(held)) = (self.most, held())
            && held > most
        {
            return Err(io::Error::other(TooMuch));
        }
        self.file.read(buffer)
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl<R: Read> BufRead for Watched<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.file.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.file.consume(bytes);
    }
}

impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }

    /// Within what has been read already nothing is read again: a file may be a million pieces of nothing.
    fn seek_relative(&mut self, by: i64) -> io::Result<()> {
        self.file.seek_relative(by)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        self.file.stream_position()
    }
}

/// Bytes of the machine's memory that this program holds. None where the system does not say.
fn held() -> Option<u64> {
    let pages = fs::read_to_string("/proc/self/statm").ok()?;
    pages.split(' ').nth(1)?.parse::<u64>().ok()?.checked_mul(PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_whole_unless_the_program_grows() {
        let file = vec![7; 100_000];
        let mut read = Vec::new();
        Watched::new(&*file, 64 << 20).read_to_end(&mut read).unwrap();
        assert_eq!(read, file);
        let mut watched = Watched::new(&*file, 16 << 20);
        watched.fill_buf().unwrap();
        let grown = vec![1_u8; 64 << 20];
        let stopped = watched.read_to_end(&mut read).unwrap_err();
        assert!(is_too_much(&stopped), "{stopped} with {} bytes more", grown.len());
        assert!(!is_too_much(&io::Error::other("something else")));
    }

    struct Counted<'a>(io::Cursor<&'a [u8]>, &'a std::cell::Cell<usize>);

    impl Read for Counted<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1.set(self.1.get() + 1);
            self.0.read(buffer)
        }
    }

    impl Seek for Counted<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn many_small_steps_read_the_file_once() {
        let (file, reads) = (vec![7; 800_000], std::cell::Cell::new(0));
        let mut watched = Watched::new(Counted(io::Cursor::new(&file), &reads), 64 << 20);
        for _ in 0..100_000 {
            watched.fill_buf().unwrap();
            watched.seek_relative(8).unwrap();
            watched.stream_position().unwrap();
        }
        assert!(reads.get() < 120, "{} reads", reads.get());
    }
}
