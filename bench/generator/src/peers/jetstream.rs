//! NATS with `JetStream`: a stream on disk, fsynced at every message. The server itself delivers a message
//! after it is stored, with its number and the one before.

use super::{Dialect, Heard, Peer, Step};
use crate::{
    Result,
    process::Launch,
    stats::{number, number_after},
    websocket::Piece,
};
use memchr::{memchr, memmem};
use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

/// The stream. It recognizes retries by their id for two minutes; the other peers do so for ever.
const STREAM: &str = r#"{"name":"ROOM","subjects":["room"],"storage":"file","num_replicas":1,"duplicate_window":120000000000,"republish":{"src":"room","dest":"told.room"}}"#;
const CONNECT: &str = "CONNECT {\"verbose\":false,\"headers\":true}\r\n";

#[derive(Debug, Clone)]
pub struct JetStream {
    /// The folder with its configuration.
    pub peers: PathBuf,
    pub program: PathBuf,
}

impl Peer for JetStream {
    fn name(&self) -> &'static str {
        "JetStream"
    }

    fn launch(&self, port: u16, folder: &Path) -> Result<Launch> {
        Ok(Launch::new(&self.program)
            .argument("-c")
            .argument(self.peers.join("nats.conf"))
            .argument("-a")
            .argument("127.0.0.1")
            .argument("-p")
            .argument(port.to_string())
            .argument("-sd")
            .argument(folder))
    }

    fn preparation(&self) -> Vec<Step> {
        let create = format!(
            "{CONNECT}SUB made 1\r\nPUB $JS.API.STREAM.CREATE.ROOM made {}\r\n{STREAM}\r\n",
            STREAM.len()
        );
        vec![Step::Hear("INFO"), Step::Say(create.into_bytes()), Step::Hear("MSG made")]
    }

    fn greeting(&self, _: u16, member: usize) -> Vec<Step> {
        let subscribe = format!("{CONNECT}SUB told.room 1\r\nSUB ack.{member}.* 2\r\nPING\r\n");
        vec![Step::Hear("INFO"), Step::Say(subscribe.into_bytes()), Step::Hear("PONG")]
    }

    fn dialect(&self) -> Rc<dyn Dialect> {
        Rc::new(Nats)
    }
}

#[derive(Debug)]
struct Nats;

impl Dialect for Nats {
    fn next<'a>(&self, input: &'a [u8]) -> Option<(Piece<'a>, usize)> {
        let line = memchr(b'\n', input)?;
        let head = input.get(..line)?.trim_ascii_end();
        if head == b"PING" {
            return Some((Piece::Ping(&[]), line + 1));
        }
        let brings = head.starts_with(b"MSG ") || head.starts_with(b"HMSG ");
        let payload = match head.rsplit(|byte| *byte == b' ').next() {
            Some(length) if brings => number::<usize>(length)? + 2,
            _ => 0,
        };
        let taken = line + 1 + payload;
        Some((Piece::Message(input.get(..taken)?), taken))
    }

    fn pong(&self, _: &[u8]) -> Vec<u8> {
        b"PONG\r\n".to_vec()
    }

    fn post(&self, number: u32, member: usize, text: &str, out: &mut Vec<u8>) {
        let head = format!("NATS/1.0\r\nNats-Msg-Id: {number}\r\n\r\n");
        let (length, whole) = (head.len(), head.len() + text.len());
        let publish =
            format!("HPUB room ack.{member}.{number} {length} {whole}\r\n{head}{text}\r\n");
        out.extend_from_slice(publish.as_bytes());
    }

    fn hear(&self, message: &[u8]) -> Heard {
        if message.starts_with(b"HMSG told.room ") {
            return told(message).unwrap_or(Heard::Refused);
        }
        if message.starts_with(b"MSG ack.") {
            return acknowledged(message).map_or(Heard::Refused, Heard::Acknowledged);
        }
        if message.starts_with(b"-ERR") { Heard::Refused } else { Heard::Nothing }
    }
}

fn told(message: &[u8]) -> Option<Heard> {
    let after = number_after(b"Nats-Last-Sequence: ", message)?;
    Some(Heard::Changes { after, through: number_after(b"Nats-Sequence: ", message)? })
}

fn acknowledged(message: &[u8]) -> Option<u32> {
    let stored = memmem::find(message, br#""error""#).is_none();
    let after_member = message.splitn(3, |byte| *byte == b'.').nth(2).filter(|_| stored)?;
    number(after_member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_by_its_length_and_understood() {
        let message = b"HMSG told.room 1 53 56\r\nNATS/1.0\r\nNats-Sequence: 5\r\nNats-Last-Sequence: 4\r\n\r\n~1~\r\n";
        let whole = [message.as_slice(), b"PING\r\n"].concat();
        assert!(Nats.next(&whole[..20]).is_none());
        let (piece, taken) = Nats.next(&whole).unwrap();
        assert_eq!(taken, message.len());
        let Piece::Message(piece) = piece else { panic!("{piece:?}") };
        assert_eq!(Nats.hear(piece), Heard::Changes { after: 4, through: 5 });
    }

    #[test]
    fn an_acknowledgement_says_of_what() {
        let ack = b"MSG ack.3.42 2 26\r\n{\"stream\":\"ROOM\",\"seq\":1}\r\n";
        assert_eq!(Nats.hear(ack), Heard::Acknowledged(42));
        let refusal = b"MSG ack.3.42 2 26\r\n{\"error\":{\"code\":503}}\r\n";
        assert_eq!(Nats.hear(refusal), Heard::Refused);
    }
}
