//! A frame of the server as it stands in JSON: every field of every kind, each there or not. Serde's
//! own way with a tag is to keep the whole frame aside in a type of its own until it has seen the
//! tag, and that would be a tenth of what a browser has to download.

use super::{ChangeSet, NackCode, ServerFrame};
use crate::{
    events::Event,
    ids::{AvatarId, ClientId, Epoch, RoomId, UserId},
    messages::{Message, Rev},
    rooms::{Member, Room},
    users::DisplayName,
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer, Visitor, value},
};
use std::fmt;

#[derive(Deserialize)]
pub(super) struct FlatFrame {
    r#type: String,
    room: Option<RoomId>,
    after: Option<Rev>,
    through: Option<Rev>,
    #[serde(default)]
    messages: Vec<Message>,
    #[serde(default)]
    members: Vec<Member>,
    #[serde(default)]
    events: Vec<Event>,
    details: Option<Room>,
    changes: Option<ChangeSet>,
    head: Option<Rev>,
    epoch: Option<Epoch>,
    user: Option<UserId>,
    name: Option<DisplayName>,
    avatar: Option<AvatarId>,
    heartbeat_millis: Option<u32>,
    client_id: Option<ClientId>,
    message: Option<Message>,
    code: Option<Code>,
    sentence: Option<String>,
    /// Protocol 1 calls it otherwise: a page of this version is told why by a server of that one.
    #[serde(alias = "come_back")]
    reconnect: Option<bool>,
}

/// A word in `nack`, a number in `bye`.
enum Code {
    Nack(NackCode),
    Bye(u16),
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CodeVisitor)
    }
}

struct CodeVisitor;

impl Visitor<'_> for CodeVisitor {
    type Value = Code;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word or a number")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Code, E> {
        let word: value::StrDeserializer<'_, E> = word.into_deserializer();
        NackCode::deserialize(word).map(Code::Nack)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Code, E> {
        u16::try_from(number).map(Code::Bye).map_err(E::custom)
    }
}

/// There is no such kind, or a field that frames of this kind have is not there.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("not a frame")]
pub(super) struct NotAFrame;

impl TryFrom<FlatFrame> for ServerFrame {
    type Error = NotAFrame;

    fn try_from(flat: FlatFrame) -> Result<Self, NotAFrame> {
        flat.frame().ok_or(NotAFrame)
    }
}

impl FlatFrame {
    fn frame(self) -> Option<ServerFrame> {
        Some(match self.r#type.as_str() {
            "welcome" => ServerFrame::Welcome {
                epoch: self.epoch?,
                user: self.user?,
                name: self.name?,
                avatar: self.avatar,
                heartbeat_millis: self.heartbeat_millis?,
            },
            "you" => ServerFrame::You { name: self.name?, avatar: self.avatar },
            "changes" => ServerFrame::Changes(ChangeSet {
                room: self.room?,
                after: self.after?,
                through: self.through?,
                messages: self.messages,
                members: self.members,
                events: self.events,
                details: self.details,
            }),
            "answer" => ServerFrame::Answer { changes: self.changes?, head: self.head? },
            "ack" => ServerFrame::Ack { room: self.room?, message: self.message? },
            "nack" => {
                let Code::Nack(code) = self.code? else { return None };
                ServerFrame::Nack { client_id: self.client_id, code, sentence: self.sentence? }
            }
            "reset" => ServerFrame::Reset { room: self.room? },
            "pong" => ServerFrame::Pong,
            "bye" => {
                let Code::Bye(code) = self.code? else { return None };
                ServerFrame::Bye { code, reconnect: self.reconnect? }
            }
            _ => return None,
        })
    }
}
