//! The shape of many first chats: a POST handler, Prisma on SQLite, and then an event of socket.io.

use super::{
    Dialect, Heard, Peer, Posting, Step, USERS,
    socketio::{greeting, hear},
};
use crate::{
    Result,
    process::Launch,
    stats::{message_ids, number_after},
    websocket::{self, Piece},
};
use memchr::memmem;
use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

/// Posts that are under way at once; more do not make a chat of this shape faster.
const POSTERS: usize = 64;

#[derive(Debug, Clone)]
pub struct PrismaShape {
    /// The folder with the program.
    pub peers: PathBuf,
}

impl Peer for PrismaShape {
    fn name(&self) -> &'static str {
        "POST + Prisma"
    }

    fn launch(&self, port: u16, folder: &Path) -> Result<Launch> {
        Ok(Launch::new("node")
            .argument(self.peers.join("prisma_shape.mjs"))
            .set("PORT", port.to_string())
            .set("DATABASE", folder.join("messages.db"))
            .set("NODE_ENV", "production")
            .set("PEOPLE", USERS.to_string()))
    }

    fn greeting(&self, port: u16, _: usize) -> Vec<Step> {
        greeting(port, "40")
    }

    fn dialect(&self) -> Rc<dyn Dialect> {
        Rc::new(PostsAndEvents)
    }

    fn posting(&self) -> Posting {
        Posting::Beside { lines: POSTERS }
    }
}

/// Events on the connections that receive, HTTP on those that post: the first bytes tell which.
#[derive(Debug)]
struct PostsAndEvents;

impl Dialect for PostsAndEvents {
    fn next<'a>(&self, input: &'a [u8]) -> Option<(Piece<'a>, usize)> {
        if !input.starts_with(b"HTTP") {
            return websocket::next(input);
        }
        let head = memmem::find(input, b"\r\n\r\n")? + 4;
        // Node sends short responses in chunks, ended by an empty one.
        let taken = head + memmem::find(input.get(head..)?, b"\r\n0\r\n\r\n")? + 7;
        Some((Piece::Message(input.get(..taken)?), taken))
    }

    fn post(&self, _: u32, member: usize, text: &str, out: &mut Vec<u8>) {
        let body = format!(r#"{{"content":"{text}","roomId":1}}"#);
        let user = member % USERS;
        let request = format!(
            "POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: session=token-{user}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        out.extend_from_slice(request.as_bytes());
    }

    fn hear(&self, message: &[u8]) -> Heard {
        if !message.starts_with(b"HTTP") {
            return hear(message);
        }
        let stored = number_after(b"HTTP/1.1 ", message) == Some(201_u16);
        let mark = message_ids(message).next().filter(|_| stored);
        mark.map_or(Heard::Refused, Heard::Acknowledged)
    }
}
