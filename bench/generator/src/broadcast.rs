//! The raw broadcast: what it takes to bring the same bytes to every socket, and nothing more.

use crate::{
    Result,
    line::WriteHalf,
    websocket::{self, Piece},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
    sync::Notify,
    task::spawn_local,
};

const BUFFER: usize = 64 * 1024;

#[derive(Debug, Default)]
struct Everybody {
    speakers: RefCell<Vec<Rc<WriteHalf>>>,
    numbers: Cell<u64>,
    waiting: RefCell<Vec<u8>>,
    come: Notify,
}

impl Everybody {
    fn say(&self, bytes: &[u8]) {
        self.speakers.borrow().iter().for_each(|speaker| speaker.say(bytes));
    }
}

/// Serves until it is killed.
pub async fn serve(port: u16, coalesced: bool) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let everybody = Rc::new(Everybody::default());
    if coalesced {
        spawn_local(tell(everybody.clone()));
    }
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let everybody = everybody.clone();
        spawn_local(async move {
            // Whoever goes is not missed: the run is over.
            let _ = take_in(stream, &everybody, coalesced).await;
        });
    }
}

/// Every socket that had something to say is read before this is woken: all of it goes out in one write
/// a socket.
async fn tell(everybody: Rc<Everybody>) {
    loop {
        everybody.come.notified().await;
        let said = everybody.waiting.take();
        everybody.say(&said);
    }
}

async fn take_in(mut stream: TcpStream, everybody: &Everybody, coalesced: bool) -> Result<()> {
    let mut unread = Vec::with_capacity(BUFFER);
    while memchr::memmem::find(&unread, b"\r\n\r\n").is_none() {
        if stream.read_buf(&mut unread).await? == 0 {
            return Ok(());
        }
    }
    // Our own lines say nothing before they are answered, and do not look at the key.
    unread.clear();
    let upgraded =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    stream.write_all(upgraded.as_bytes()).await?;
    let (read, write) = stream.into_split();
    everybody.speakers.borrow_mut().push(WriteHalf::new(write));
    hear(read, unread, everybody, coalesced).await
}

async fn hear(
    mut pending: OwnedReadHalf,
    mut unread: Vec<u8>,
    everybody: &Everybody,
    coalesced: bool,
) -> Result<()> {
    let mut frames = Vec::new();
    while pending.read_buf(&mut unread).await? > 0 {
        let mut begin = 0;
        while let Some((piece, taken)) = websocket::next(unread.get(begin..).unwrap_or_default()) {
            if let Piece::Message(text) = piece {
                let number = everybody.numbers.get() + 1;
                everybody.numbers.set(number);
                let numbered = [text, format!(",{number}]").as_bytes()].concat();
                websocket::text(&numbered, websocket::From::Server, &mut frames);
            }
            if !coalesced {
                everybody.say(&frames);
                frames.clear();
            }
            begin += taken;
        }
        unread.drain(..begin);
        if coalesced {
            everybody.waiting.borrow_mut().append(&mut frames);
            everybody.come.notify_one();
        }
    }
    Ok(())
}
