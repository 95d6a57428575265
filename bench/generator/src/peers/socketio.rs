//! socket.io with better-sqlite3, following its own tutorial on exactly-once delivery.

use super::{Dialect, Heard, Peer, Step, USERS, framed};
use crate::{
    Result,
    process::Launch,
    stats::{number, number_after},
    websocket,
};
use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

/// The value of SQLite's pragma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// Fsynced before it is acknowledged.
    Full,
    /// Fsynced some time later.
    Normal,
}

#[derive(Debug, Clone)]
pub struct SocketIo {
    /// The folder with the program.
    pub peers: PathBuf,
    pub synchronous: Synchronous,
}

impl Peer for SocketIo {
    fn name(&self) -> &'static str {
        match self.synchronous {
            Synchronous::Full => "socket.io",
            Synchronous::Normal => "socket.io, lazy",
        }
    }

    fn launch(&self, port: u16, folder: &Path) -> Result<Launch> {
        let synchronous = match self.synchronous {
            Synchronous::Full => "FULL",
            Synchronous::Normal => "NORMAL",
        };
        Ok(Launch::new("node")
            .argument(self.peers.join("socketio.mjs"))
            .set("PORT", port.to_string())
            .set("DATABASE", folder.join("messages.db"))
            .set("SYNCHRONOUS", synchronous)
            .set("PEOPLE", USERS.to_string()))
    }

    fn greeting(&self, port: u16, member: usize) -> Vec<Step> {
        let sign_in = format!(r#"40{{"token":"token-{}","serverOffset":0}}"#, member % USERS);
        greeting(port, &sign_in)
    }

    fn dialect(&self) -> Rc<dyn Dialect> {
        Rc::new(Events)
    }
}

/// The engine's handshake, then the namespace's.
pub fn greeting(port: u16, sign_in: &str) -> Vec<Step> {
    let path = "/socket.io/?EIO=4&transport=websocket";
    vec![
        Step::Say(websocket::upgrade(&format!("127.0.0.1:{port}"), path, "")),
        Step::Upgraded,
        Step::Hear("0{"),
        Step::Say(framed(sign_in)),
        Step::Hear("40{"),
    ]
}

#[derive(Debug)]
struct Events;

impl Dialect for Events {
    fn post(&self, number: u32, _: usize, text: &str, out: &mut Vec<u8>) {
        let event = format!(r#"42{number}["chat message","{text}","offset-{number}"]"#);
        websocket::text(event.as_bytes(), websocket::From::Client, out);
    }

    fn hear(&self, message: &[u8]) -> Heard {
        hear(message)
    }
}

/// An event ends with the number of its row; an acknowledgement begins with that of its post.
pub fn hear(message: &[u8]) -> Heard {
    match message {
        [b'4', b'2', ..] => last_number(message)
            .map_or(Heard::Refused, |row| Heard::Changes { after: row - 1, through: row }),
        [b'4', b'3', rest @ ..] => number(rest).map_or(Heard::Refused, Heard::Acknowledged),
        [b'2', ..] => Heard::Answer(framed("3")),
        [b'4', b'4' | b'1', ..] => Heard::Refused,
        _ => Heard::Nothing,
    }
}

pub fn last_number(message: &[u8]) -> Option<u64> {
    let comma = memchr::memrchr(b',', message)?;
    number_after(b",", message.get(comma..)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_acknowledgements_and_pings_are_understood() {
        let event = br#"42["chat message","~00000001~a",17]"#;
        assert_eq!(hear(event), Heard::Changes { after: 16, through: 17 });
        assert_eq!(hear(b"4312[]"), Heard::Acknowledged(12));
        assert_eq!(hear(b"2"), Heard::Answer(framed("3")));
    }
}
