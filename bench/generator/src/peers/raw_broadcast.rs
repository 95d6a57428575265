//! The upper limit: the same bytes to every socket, without authentication, storage or acknowledgements.

use super::{Dialect, Heard, Peer, Posting, Step, socketio};
use crate::{Result, process::Launch, websocket};
use std::{path::Path, rc::Rc};

#[derive(Debug, Clone, Copy)]
pub struct RawBroadcast {
    /// Whether what is due for a socket at the same time goes out in one write.
    pub coalesced: bool,
}

impl Peer for RawBroadcast {
    fn name(&self) -> &'static str {
        if self.coalesced { "raw, coalesced" } else { "raw" }
    }

    fn launch(&self, port: u16, _: &Path) -> Result<Launch> {
        let program = std::env::current_exe()?;
        let coalesced = if self.coalesced { "--coalesced" } else { "--each" };
        Ok(Launch::new(program).argument("raw").argument(port.to_string()).argument(coalesced))
    }

    fn greeting(&self, port: u16, _: usize) -> Vec<Step> {
        let upgrade = websocket::upgrade(&format!("127.0.0.1:{port}"), "/", "");
        vec![Step::Say(upgrade), Step::Upgraded]
    }

    fn dialect(&self) -> Rc<dyn Dialect> {
        Rc::new(RawDialect)
    }

    fn posting(&self) -> Posting {
        Posting::Unanswered
    }
}

/// A text, a comma, its number in the room and a bracket.
#[derive(Debug)]
struct RawDialect;

impl Dialect for RawDialect {
    fn post(&self, _: u32, _: usize, text: &str, out: &mut Vec<u8>) {
        websocket::text(text.as_bytes(), websocket::From::Client, out);
    }

    fn hear(&self, message: &[u8]) -> Heard {
        socketio::last_number(message)
            .map_or(Heard::Refused, |row| Heard::Changes { after: row - 1, through: row })
    }
}
