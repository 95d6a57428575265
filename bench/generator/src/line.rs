//! One connection to a peer: a task that reads it, and a way to write that never waits.

use crate::{
    Result,
    floor::Floor,
    peers::{Dialect, Heard, Step},
    websocket::Piece,
};
use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    io::ErrorKind,
    pin::Pin,
    rc::Rc,
    task::{Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::{JoinHandle, spawn_local},
};

/// Where the line writes. What the peer does not take at once waits here, so that the load stays open.
#[derive(Debug)]
pub struct WriteHalf {
    pending: OwnedWriteHalf,
    rest: RefCell<Vec<u8>>,
}

impl WriteHalf {
    pub fn new(pending: OwnedWriteHalf) -> Rc<Self> {
        Rc::new(Self { pending, rest: RefCell::default() })
    }

    pub fn say(self: &Rc<Self>, bytes: &[u8]) {
        let mut rest = self.rest.borrow_mut();
        if !rest.is_empty() {
            rest.extend_from_slice(bytes);
            return;
        }
        let taken = self.pending.try_write(bytes).unwrap_or(0);
        let Some(left) = bytes.get(taken..).filter(|left| !left.is_empty()) else { return };
        rest.extend_from_slice(left);
        spawn_local(self.clone().flush());
    }

    async fn flush(self: Rc<Self>) {
        while !self.rest.borrow().is_empty() {
            if self.pending.writable().await.is_err() {
                return;
            }
            let mut rest = self.rest.borrow_mut();
            match self.pending.try_write(&rest) {
                Ok(taken) => drop(rest.drain(..taken)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => rest.clear(),
            }
        }
    }
}

/// Connected and greeted: what the peer says from here on is for the ears of the crew.
#[derive(Debug)]
pub struct Connected {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// Connects to a port of this machine and goes through the greeting.
pub async fn greet(port: u16, steps: &[Step], dialect: &dyn Dialect) -> Result<Connected> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut greeted = Connected { stream, unread: Vec::new() };
    for step in steps {
        match step {
            Step::Say(bytes) => greeted.stream.write_all(bytes).await?,
            Step::Upgraded => greeted.is_upgraded().await?,
            Step::Hear(beginning) => greeted.hears(beginning, dialect).await?,
        }
    }
    Ok(greeted)
}

impl Connected {
    async fn read(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.unread).await? {
            0 => Err(format!("closed: {}", String::from_utf8_lossy(&self.unread)).into()),
            _ => Ok(()),
        }
    }

    async fn is_upgraded(&mut self) -> Result<()> {
        loop {
            if let Some(at) = memchr::memmem::find(&self.unread, b"\r\n\r\n") {
                let head = self.unread.drain(..at + 4).collect::<Vec<_>>();
                return if head.starts_with(b"HTTP/1.1 101") {
                    Ok(())
                } else {
                    Err(format!("not upgraded: {}", String::from_utf8_lossy(&head)).into())
                };
            }
            self.read().await?;
        }
    }

    /// Passes over messages until one begins like this.
    async fn hears(&mut self, beginning: &str, dialect: &dyn Dialect) -> Result<()> {
        loop {
            while let Some((piece, taken)) = dialect.next(&self.unread) {
                let done = match piece {
                    Piece::Message(message) => message.starts_with(beginning.as_bytes()),
                    Piece::Close => {
                        let unread = String::from_utf8_lossy(&self.unread);
                        return Err(format!("parted: {unread}").into());
                    }
                    Piece::Ping(_) | Piece::Nothing => false,
                };
                self.unread.drain(..taken);
                if done {
                    return Ok(());
                }
            }
            self.read().await?;
        }
    }
}

/// A line of the crew.
#[derive(Debug)]
pub struct BenchConnection {
    pub speaker: Rc<WriteHalf>,
    listening: JoinHandle<()>,
}

impl BenchConnection {
    pub fn open(
        greeted: Connected,
        number: usize,
        dialect: Rc<dyn Dialect>,
        floor: Rc<Floor>,
    ) -> Self {
        let (read, write) = greeted.stream.into_split();
        let speaker = WriteHalf::new(write);
        let cursor = Cell::default();
        let ear = ReadHalf { number, dialect, floor, speaker: speaker.clone(), cursor };
        let listening = spawn_local(ear.listen(read, greeted.unread));
        Self { speaker, listening }
    }
}

impl Drop for BenchConnection {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

struct ReadHalf {
    number: usize,
    dialect: Rc<dyn Dialect>,
    floor: Rc<Floor>,
    speaker: Rc<WriteHalf>,
    cursor: Cell<Option<u64>>,
}

impl ReadHalf {
    async fn listen(self, mut pending: OwnedReadHalf, mut unread: Vec<u8>) {
        let taken = self.take_in(&unread);
        unread.drain(..taken);
        while self.read(&mut pending, &mut unread).await {}
        self.floor.lost_one();
    }

    /// Reads into the one buffer that all lines share, and takes in what is whole there. Only what is
    /// not whole is kept by the line.
    async fn read(&self, pending: &mut OwnedReadHalf, unread: &mut Vec<u8>) -> bool {
        poll_fn(|context| {
            let mut shared = self.floor.buffer.borrow_mut();
            let mut buffer = ReadBuf::new(&mut shared);
            let read = ready!(Pin::new(&mut *pending).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(false);
            }
            if unread.is_empty() {
                let taken = self.take_in(buffer.filled());
                unread.extend_from_slice(buffer.filled().get(taken..).unwrap_or_default());
            } else {
                unread.extend_from_slice(buffer.filled());
                let taken = self.take_in(unread);
                unread.drain(..taken);
            }
            Poll::Ready(true)
        })
        .await
    }

    /// Takes in every whole message; returns how many bytes they are.
    fn take_in(&self, input: &[u8]) -> usize {
        let mut rest = input;
        while let Some((piece, taken)) = self.dialect.next(rest) {
            match piece {
                Piece::Message(message) => self.hear(message),
                Piece::Ping(payload) => self.speaker.say(&self.dialect.pong(payload)),
                Piece::Close | Piece::Nothing => {}
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        input.len() - rest.len()
    }

    fn hear(&self, message: &[u8]) {
        match self.dialect.hear(message) {
            Heard::Changes { after, through } => {
                let cursor = self.floor.told(self.cursor.get(), (after, through), message);
                self.cursor.set(Some(cursor));
            }
            Heard::Acknowledged(number) => self.floor.acknowledged(number, self.number),
            Heard::Refused => self.floor.refused(message, self.number),
            Heard::Answer(bytes) => self.speaker.say(&bytes),
            Heard::Nothing => {}
        }
    }
}
