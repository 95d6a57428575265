//! The raw broadcast: sends the same bytes to every socket, and does nothing else.

use crate::{
    Result,
    connection::WriteHalf,
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
struct Clients {
    writers: RefCell<Vec<Rc<WriteHalf>>>,
    numbers: Cell<u64>,
    waiting: RefCell<Vec<u8>>,
    come: Notify,
}

impl Clients {
    fn send(&self, bytes: &[u8]) {
        self.writers.borrow().iter().for_each(|writer| writer.send(bytes));
    }
}

/// Serves until it is killed.
pub async fn serve(port: u16, coalesced: bool) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let clients = Rc::new(Clients::default());
    if coalesced {
        spawn_local(broadcast(clients.clone()));
    }
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let clients = clients.clone();
        spawn_local(async move {
            // A client that disconnects needs no handling: the run is over.
            let _ = take_in(stream, &clients, coalesced).await;
        });
    }
}

/// All sockets that have something to read are read before this task is woken: all of it goes out in one write
/// a socket.
async fn broadcast(clients: Rc<Clients>) {
    loop {
        clients.come.notified().await;
        let said = clients.waiting.take();
        clients.send(&said);
    }
}

async fn take_in(mut stream: TcpStream, clients: &Clients, coalesced: bool) -> Result<()> {
    let mut unread = Vec::with_capacity(BUFFER);
    while memchr::memmem::find(&unread, b"\r\n\r\n").is_none() {
        if stream.read_buf(&mut unread).await? == 0 {
            return Ok(());
        }
    }
    // The generator sends nothing before the answer, and does not check the key.
    unread.clear();
    let upgraded =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    stream.write_all(upgraded.as_bytes()).await?;
    let (read, write) = stream.into_split();
    clients.writers.borrow_mut().push(WriteHalf::new(write));
    receive(read, unread, clients, coalesced).await
}

async fn receive(
    mut half: OwnedReadHalf,
    mut unread: Vec<u8>,
    clients: &Clients,
    coalesced: bool,
) -> Result<()> {
    let mut frames = Vec::new();
    while half.read_buf(&mut unread).await? > 0 {
        let mut begin = 0;
        while let Some((piece, taken)) = websocket::next(unread.get(begin..).unwrap_or_default()) {
            if let Piece::Message(text) = piece {
                let number = clients.numbers.get() + 1;
                clients.numbers.set(number);
                let numbered = [text, format!(",{number}]").as_bytes()].concat();
                websocket::text(&numbered, websocket::From::Server, &mut frames);
            }
            if !coalesced {
                clients.send(&frames);
                frames.clear();
            }
            begin += taken;
        }
        unread.drain(..begin);
        if coalesced {
            clients.waiting.borrow_mut().append(&mut frames);
            clients.come.notify_one();
        }
    }
    Ok(())
}
