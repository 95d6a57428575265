//! One connection to a peer: a task that reads it, and a way to write that never waits.

use crate::{
    Result,
    peers::{Dialect, Heard, Step},
    shared_state::SharedState,
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

/// The writing half. What the peer does not take at once waits here, so that the load stays open.
#[derive(Debug)]
pub struct WriteHalf {
    half: OwnedWriteHalf,
    rest: RefCell<Vec<u8>>,
}

impl WriteHalf {
    pub fn new(half: OwnedWriteHalf) -> Rc<Self> {
        Rc::new(Self { half, rest: RefCell::default() })
    }

    pub fn send(self: &Rc<Self>, bytes: &[u8]) {
        let mut rest = self.rest.borrow_mut();
        if !rest.is_empty() {
            rest.extend_from_slice(bytes);
            return;
        }
        let taken = self.half.try_write(bytes).unwrap_or(0);
        let Some(left) = bytes.get(taken..).filter(|left| !left.is_empty()) else { return };
        rest.extend_from_slice(left);
        spawn_local(self.clone().flush());
    }

    async fn flush(self: Rc<Self>) {
        while !self.rest.borrow().is_empty() {
            if self.half.writable().await.is_err() {
                return;
            }
            let mut rest = self.rest.borrow_mut();
            match self.half.try_write(&rest) {
                Ok(taken) => drop(rest.drain(..taken)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => rest.clear(),
            }
        }
    }
}

/// Connected, and through the greeting: the fleet processes what the peer sends from here on.
#[derive(Debug)]
pub struct Connected {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// Connects to a port of this machine and goes through the greeting.
pub async fn greet(port: u16, steps: &[Step], dialect: &dyn Dialect) -> Result<Connected> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut connected = Connected { stream, unread: Vec::new() };
    for step in steps {
        match step {
            Step::Say(bytes) => connected.stream.write_all(bytes).await?,
            Step::Upgraded => connected.is_upgraded().await?,
            Step::Hear(beginning) => connected.hears(beginning, dialect).await?,
        }
    }
    Ok(connected)
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

    /// Skips messages until one begins like this.
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

/// A connection of the fleet.
#[derive(Debug)]
pub struct BenchConnection {
    pub writer: Rc<WriteHalf>,
    listening: JoinHandle<()>,
}

impl BenchConnection {
    pub fn open(
        connected: Connected,
        number: usize,
        dialect: Rc<dyn Dialect>,
        shared: Rc<SharedState>,
    ) -> Self {
        let (read, write) = connected.stream.into_split();
        let writer = WriteHalf::new(write);
        let cursor = Cell::default();
        let reader = ReadHalf { number, dialect, shared, writer: writer.clone(), cursor };
        let listening = spawn_local(reader.listen(read, connected.unread));
        Self { writer, listening }
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
    shared: Rc<SharedState>,
    writer: Rc<WriteHalf>,
    cursor: Cell<Option<u64>>,
}

impl ReadHalf {
    async fn listen(self, mut half: OwnedReadHalf, mut unread: Vec<u8>) {
        let taken = self.take_in(&unread);
        unread.drain(..taken);
        while self.read(&mut half, &mut unread).await {}
        self.shared.lost_one();
    }

    /// Reads into the one buffer that all connections share, and processes whole messages there. Only an
    /// incomplete rest is kept by the connection.
    async fn read(&self, half: &mut OwnedReadHalf, unread: &mut Vec<u8>) -> bool {
        poll_fn(|context| {
            let mut shared = self.shared.buffer.borrow_mut();
            let mut buffer = ReadBuf::new(&mut shared);
            let read = ready!(Pin::new(&mut *half).poll_read(context, &mut buffer));
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

    /// Processes every whole message; returns how many bytes they are.
    fn take_in(&self, input: &[u8]) -> usize {
        let mut rest = input;
        while let Some((piece, taken)) = self.dialect.next(rest) {
            match piece {
                Piece::Message(message) => self.hear(message),
                Piece::Ping(payload) => self.writer.send(&self.dialect.pong(payload)),
                Piece::Close | Piece::Nothing => {}
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        input.len() - rest.len()
    }

    fn hear(&self, message: &[u8]) {
        match self.dialect.hear(message) {
            Heard::Changes { after, through } => {
                let cursor = self.shared.told(self.cursor.get(), (after, through), message);
                self.cursor.set(Some(cursor));
            }
            Heard::Acknowledged(number) => self.shared.acknowledged(number, self.number),
            Heard::Refused => self.shared.refused(message, self.number),
            Heard::Answer(bytes) => self.writer.send(&bytes),
            Heard::Nothing => {}
        }
    }
}
