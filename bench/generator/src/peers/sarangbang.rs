//! Sarangbang: the release build, over a copy of an instance in which users have signed up.

use super::{Dialect, Heard, Peer, Step, framed};
use crate::{
    Result,
    process::Launch,
    server_process::{Room, ServerProcess},
    stats::number_after,
    websocket,
};
use std::{path::Path, rc::Rc};

#[derive(Debug, Clone)]
pub struct Sarangbang {
    pub server_process: Rc<ServerProcess>,
    /// The room that is posted to.
    pub room: Room,
}

impl Peer for Sarangbang {
    fn name(&self) -> &'static str {
        "Sarangbang"
    }

    fn launch(&self, port: u16, folder: &Path) -> Result<Launch> {
        let file = folder.join("instance.db");
        std::fs::copy(&self.server_process.file, &file)?;
        Ok(self.server_process.program.launch(port, &file))
    }

    fn greeting(&self, port: u16, member: usize) -> Vec<Step> {
        let hello = format!(
            r#"{{"type":"hello","protocol":2,"epoch":"{}","cursors":[{{"room":"{}","after":{}}}]}}"#,
            self.server_process.epoch, self.room.id, self.room.head
        );
        let cookie = format!("Cookie: {}\r\n", self.server_process.cookie(member));
        vec![
            Step::Say(websocket::upgrade(&format!("127.0.0.1:{port}"), "/ws", &cookie)),
            Step::Upgraded,
            Step::Say(framed(&hello)),
            Step::Hear(r#"{"type":"welcome""#),
            Step::Hear(r#"{"type":"answer""#),
        ]
    }

    fn dialect(&self) -> Rc<dyn Dialect> {
        Rc::new(SarangbangDialect { room: self.room.id.clone() })
    }
}

#[derive(Debug)]
struct SarangbangDialect {
    room: String,
}

impl Dialect for SarangbangDialect {
    fn post(&self, number: u32, _: usize, text: &str, out: &mut Vec<u8>) {
        let send = format!(
            r#"{{"type":"send","room":"{}","client_id":"00000000-0000-4000-8000-{number:012}","text":"{text}"}}"#,
            self.room
        );
        websocket::text(send.as_bytes(), websocket::From::Client, out);
    }

    fn hear(&self, message: &[u8]) -> Heard {
        if message.starts_with(br#"{"type":"changes""#) {
            return stretch(message).unwrap_or(Heard::Refused);
        }
        if message.starts_with(br#"{"type":"ack""#) {
            let number = number_after(br#""client_id":"00000000-0000-4000-8000-"#, message);
            return number.map_or(Heard::Refused, Heard::Acknowledged);
        }
        let refusals: [&[u8]; 2] = [br#"{"type":"nack""#, br#"{"type":"bye""#];
        if refusals.iter().any(|refusal| message.starts_with(refusal)) {
            return Heard::Refused;
        }
        Heard::Nothing
    }
}

fn stretch(message: &[u8]) -> Option<Heard> {
    let after = number_after(br#""after":"#, message)?;
    Some(Heard::Changes { after, through: number_after(br#""through":"#, message)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_acknowledgements_and_refusals_are_understood() {
        let ours = SarangbangDialect { room: String::new() };
        let changes = br#"{"type":"changes","room":"6f96","after":17,"through":18,"messages":[]}"#;
        assert_eq!(ours.hear(changes), Heard::Changes { after: 17, through: 18 });
        let ack = br#"{"type":"ack","room":"6f96","message":{"id":"0193","client_id":"00000000-0000-4000-8000-000000000042","text":"","seq":1}}"#;
        assert_eq!(ours.hear(ack), Heard::Acknowledged(42));
        assert_eq!(ours.hear(br#"{"type":"nack","code":"failed"}"#), Heard::Refused);
    }
}
