//! What travels over the socket, as JSON text frames. docs/protocol.md describes it with examples,
//! and a test reads every one of them.

use crate::{
    events::Event,
    ids::{AvatarId, ClientId, Epoch, RoomId, UserId},
    messages::{Message, MessageText, Rev, Seq},
    rooms::{Member, Room},
    users::DisplayName,
};
use serde::{Deserialize, Serialize};

/// The version of the protocol, told in `hello`.
pub const PROTOCOL: u32 = 2;
/// The most bytes in a frame from a client.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// The most messages and events in one page of history, and the most of a kind in one of changes.
pub const MAX_PAGE_ITEMS: u32 = 50;
/// The most bytes of text in one page of changes.
pub const MAX_CHANGE_SET_BYTES: usize = 256 * 1024;
/// Who has heard nothing for this long asks whether the other side is still there.
pub const HEARTBEAT_MILLIS: u32 = 25_000;

/// Where a client stands in a room's feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub room: RoomId,
    pub after: Rev,
}

/// The present state of everything in a room that changed in `(after, through]`. Numbers inside
/// may be missing, because a change that was overtaken is gone; only the ends count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSet {
    pub room: RoomId,
    pub after: Rev,
    pub through: Rev,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Room>,
}

impl ChangeSet {
    /// A stretch in which nothing has changed, to be filled.
    #[must_use]
    pub const fn empty(room: RoomId, after: Rev, through: Rev) -> Self {
        Self {
            room,
            after,
            through,
            messages: Vec::new(),
            members: Vec::new(),
            events: Vec::new(),
            details: None,
        }
    }
}

/// From a client to the server. No field says who is speaking: the session does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame: where the client stands in the rooms that it shows.
    Hello {
        protocol: u32,
        /// The user that the client's pages were drawn for. The server parts from it when the session is another
        /// user's: what it has not sent yet must not be stored under them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<Epoch>,
        #[serde(default)]
        cursors: Vec<Cursor>,
    },
    /// Says something. Sent again with the same id, it is the same message.
    Send { room: RoomId, client_id: ClientId, text: MessageText },
    /// Asks for what changed.
    Changes { room: RoomId, after: Rev },
    /// Everything up to this place has been read.
    Read { room: RoomId, seq: Seq },
    /// Asks whether the server is still there.
    Ping,
}

/// From the server to a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", try_from = "flat::FlatFrame")]
pub enum ServerFrame {
    /// Answers `hello`. From here on every change in the person's rooms is told.
    Welcome {
        epoch: Epoch,
        user: UserId,
        name: DisplayName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        avatar: Option<AvatarId>,
        heartbeat_millis: u32,
    },
    /// The person has changed how they are called by default, or their avatar.
    You {
        name: DisplayName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        avatar: Option<AvatarId>,
    },
    /// A change, as it happens.
    Changes(ChangeSet),
    /// Answers `changes`, and each cursor in `hello`. `head` is where the room stood when it was
    /// read: an answer whose `through` is below was cut, and the rest is there for the asking.
    Answer { changes: ChangeSet, head: Rev },
    /// The message is on disk, and this is how it is stored: when it was sent again, an edit may have changed it.
    Ack { room: RoomId, message: Message },
    /// Something was refused. `client_id` says which message, if it was one.
    Nack {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        code: NackCode,
        /// For a person, in the language of the connection.
        sentence: String,
    },
    /// The client's copy of the room is worth nothing: throw it away and read the room afresh, which may
    /// no longer be there for this person.
    Reset { room: RoomId },
    /// Answers `ping`.
    Pong,
    /// The server is about to close the connection.
    Bye { code: u16, reconnect: bool },
}

/// How a browser reads a [`ServerFrame`].
mod flat;

/// Why a frame was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NackCode {
    /// Not of this protocol, or a text that no message can have.
    Malformed,
    /// No such room for this person.
    NotFound,
    /// The client id was used before with another text.
    Conflict,
    /// Too fast; later it will pass.
    SlowDown,
    /// The server could not; later it may.
    Failed,
}

/// Why the server closes a connection, and whether the client is welcome again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The server stops or restarts.
    Restarting,
    /// The server could not answer a question; on its return the client asks again.
    Broken,
    /// The client reads too slowly; what it missed it gets on its return.
    TooSlow,
    /// The client said nothing for too long.
    Silent,
    /// The session has ended, or is not of the user that the client was drawn for.
    SignedOut,
    /// The client does not speak this protocol.
    Protocol,
    /// Too many connections of one person or address.
    TooMany,
}

impl CloseReason {
    /// The close code: RFC 6455's where it has one, else from its private range.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Restarting => 1012,
            Self::Broken => 1011,
            Self::TooSlow => 4000,
            Self::Silent => 4002,
            Self::SignedOut => 4001,
            Self::Protocol => 4003,
            Self::TooMany => 4004,
        }
    }

    #[must_use]
    pub const fn reconnect(self) -> bool {
        matches!(self, Self::Restarting | Self::Broken | Self::TooSlow | Self::Silent)
    }
}

/// Finds whose frame it was when the frame as a whole cannot be read, so that its author hears of
/// it rather than waiting for an answer.
#[must_use]
pub fn client_id_of_malformed(frame: &str) -> Option<ClientId> {
    #[derive(Deserialize)]
    struct Probe {
        client_id: ClientId,
    }
    serde_json::from_str::<Probe>(frame).ok().map(|probe| probe.client_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The examples of docs/protocol.md: each JSON block under a heading.
    fn examples(side: &str) -> Vec<String> {
        let doc = include_str!("../../../docs/protocol.md");
        let section = doc.split("\n## ").find(|section| section.starts_with(side)).unwrap();
        let blocks = section.split("```json\n").skip(1);
        blocks.map(|block| block.split("```").next().unwrap().trim().to_owned()).collect()
    }

    fn reads_as_itself<T: serde::de::DeserializeOwned + Serialize>(example: &str) -> String {
        let frame: T = serde_json::from_str(example).unwrap_or_else(|e| panic!("{e}: {example}"));
        let again = serde_json::to_value(&frame).unwrap();
        let written: serde_json::Value = serde_json::from_str(example).unwrap();
        assert_eq!(again, written);
        written["type"].as_str().unwrap().to_owned()
    }

    #[test]
    fn the_documented_client_frames_are_real() {
        let mut types: Vec<_> =
            examples("From the client").iter().map(|e| reads_as_itself::<ClientFrame>(e)).collect();
        types.dedup();
        assert_eq!(types, ["hello", "send", "changes", "read", "ping"]);
    }

    #[test]
    fn the_documented_server_frames_are_real() {
        let mut types: Vec<_> =
            examples("From the server").iter().map(|e| reads_as_itself::<ServerFrame>(e)).collect();
        types.dedup();
        assert_eq!(
            types,
            ["welcome", "you", "changes", "answer", "ack", "nack", "reset", "pong", "bye"]
        );
    }

    #[test]
    fn a_malformed_send_still_says_whose_it_was() {
        let id = "0191d1f0-0000-7000-8000-000000000001";
        let frame = format!(r#"{{"type":"send","client_id":"{id}","text":""}}"#);
        assert!(serde_json::from_str::<ClientFrame>(&frame).is_err());
        assert_eq!(client_id_of_malformed(&frame), ClientId::parse(id).ok());
        assert_eq!(client_id_of_malformed("[]"), None);
    }

    /// Noise, and real frames with bytes changed and the end cut off, which come further.
    fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
        let real = [examples("From the client"), examples("From the server")].concat();
        let change = (any::<prop::sample::Index>(), any::<u8>());
        let changed = (prop::sample::select(real), prop::collection::vec(change, 0..4));
        let changed = changed.prop_map(|(frame, changes)| {
            let mut bytes = frame.into_bytes();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes
        });
        let cut = (changed, any::<prop::sample::Index>(), any::<bool>());
        let cut = cut.prop_map(|(mut bytes, end, whole)| {
            if !whole {
                bytes.truncate(end.index(bytes.len()));
            }
            bytes
        });
        prop_oneof![prop::collection::vec(any::<u8>(), 0..400), cut]
    }

    /// What is read is written so that it reads the same.
    fn is_read_or_refused<T>(bytes: &[u8]) -> Result<(), TestCaseError>
    where
        T: serde::de::DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
    {
        if let Ok(frame) = serde_json::from_slice::<T>(bytes) {
            let written = serde_json::to_vec(&frame).unwrap();
            prop_assert_eq!(serde_json::from_slice::<T>(&written).unwrap(), frame);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_frame_or_refused(bytes in any_bytes()) {
            is_read_or_refused::<ClientFrame>(&bytes)?;
            is_read_or_refused::<ServerFrame>(&bytes)?;
            let _ = client_id_of_malformed(&String::from_utf8_lossy(&bytes));
        }
    }
}
