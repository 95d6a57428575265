//! As much of RFC 6455 as a load needs. A library would cost more than the servers that are measured: here a
//! frame is found in the received bytes, nothing is copied, and one read may return hundreds of frames.

/// What a peer sent, as a slice of what was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Message(&'a [u8]),
    Ping(&'a [u8]),
    Close,
    /// To be skipped.
    Nothing,
}

/// The first whole frame, and how many bytes it takes. None while more has to arrive.
pub fn next(input: &[u8]) -> Option<(Piece<'_>, usize)> {
    let (&[first, second], rest) = input.split_first_chunk()?;
    let (length, rest) = length(second & 0x7f, rest)?;
    // Frames are masked with zeros here.
    let rest = if second & 0x80 == 0 { rest } else { rest.get(4..)? };
    let payload = rest.get(..length)?;
    let taken = input.len() - rest.len() + length;
    let piece = match first & 0x0f {
        0x1 | 0x2 => Piece::Message(payload),
        0x8 => Piece::Close,
        0x9 => Piece::Ping(payload),
        _ => Piece::Nothing,
    };
    Some((piece, taken))
}

fn length(short: u8, rest: &[u8]) -> Option<(usize, &[u8])> {
    match short {
        126 => {
            let (bytes, rest) = rest.split_first_chunk()?;
            Some((u16::from_be_bytes(*bytes).into(), rest))
        }
        127 => {
            let (bytes, rest) = rest.split_first_chunk()?;
            Some((usize::try_from(u64::from_be_bytes(*bytes)).ok()?, rest))
        }
        short => Some((short.into(), rest)),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Client,
    Server,
}

const TEXT: u8 = 0x81;
const PONG: u8 = 0x8a;

pub fn text(payload: &[u8], from: From, out: &mut Vec<u8>) {
    frame(TEXT, payload, from, out);
}

pub fn pong(payload: &[u8], out: &mut Vec<u8>) {
    frame(PONG, payload, From::Client, out);
}

/// A client's mask may be any four bytes: with zeros the payload stays as it is, and the server has the same
/// work.
fn frame(head: u8, payload: &[u8], from: From, out: &mut Vec<u8>) {
    // The mask bit is above the seven bits of the length.
    let masked = if from == From::Client { 0x80 } else { 0 };
    out.push(head);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ 0..=125), _) => out.push(masked + short),
        (_, Ok(middle)) => {
            out.push(masked + 126);
            out.extend_from_slice(&middle.to_be_bytes());
        }
        _ => {
            out.push(masked + 127);
            out.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    if from == From::Client {
        out.extend_from_slice(&[0; 4]);
    }
    out.extend_from_slice(payload);
}

/// A request for a socket. `headers` are whole lines.
pub fn upgrade(host: &str, path: &str, headers: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_whatever_its_length() {
        for length in [0, 1, 125, 126, 200, 65_535, 65_536] {
            for from in [From::Client, From::Server] {
                let payload = vec![b'a'; length];
                let mut bytes = Vec::new();
                text(&payload, from, &mut bytes);
                let whole = bytes.len();
                bytes.extend_from_slice(b"what follows");
                assert_eq!(next(&bytes), Some((Piece::Message(&payload), whole)));
                assert_eq!(next(&bytes[..whole - 1]), None);
            }
        }
    }
}
