//! Identifiers. Each is a UUID in its hyphenated form; two kinds never mix.

use crate::clock::Millis;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{fmt, str::FromStr};
use uuid::{Builder, Uuid};

/// The text was not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

/// The `Deserialize` of `uuid` explains what is wrong with a text, which weighs more in the WASM than all ids.
fn uuid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uuid, D::Error> {
    let text = String::deserialize(deserializer)?;
    Uuid::try_parse(&text).map_err(|_| D::Error::custom(NotAnId))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                uuid(deserializer).map(Self)
            }
        }

        impl $name {
            /// Reads the hyphenated or the plain form, in either case.
            ///
            /// # Errors
            /// [`NotAnId`] for anything that is not a UUID.
            pub fn parse(raw: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(raw.trim()).map(Self).map_err(|_| NotAnId)
            }

            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(raw: &str) -> Result<Self, NotAnId> {
                Self::parse(raw)
            }
        }
    };
}

id!(
    /// A person with an account.
    PersonId
);
id!(
    /// One of the ways in which a person shows themselves.
    ProfileId
);
id!(
    /// A picture, as its address names it. Random, so that nobody guesses one from another.
    PictureId
);
id!(
    /// A room. Random rather than time-ordered: its first eight characters are what people tell
    /// rooms apart by, and time-ordered ids made within the same minute share them.
    RoomId
);
id!(
    /// A stored message, minted by the server.
    MessageId
);
id!(
    /// What a sender calls a message before it is stored. With the author it is unique for ever,
    /// which is what makes sending again harmless.
    ClientId
);
impl ClientId {
    /// A new one. Ordered by time (`UUIDv7`), so that what an author says lands at one end of the index in
    /// the database, rather than on a page of its own each time. `random` is a random UUID.
    #[must_use]
    pub fn fresh(now: Millis, random: Uuid) -> Self {
        let millis = u64::try_from(now.0).unwrap_or_default();
        let [_, _, _, _, _, _, rest @ ..] = random.into_bytes();
        Self(Builder::from_unix_timestamp_millis(millis, &rest).into_uuid())
    }
}
id!(
    /// Something that a user is told about their account. Ordered by time.
    NoticeId
);
id!(
    /// An invitation link, as a list of them names it. It is not the secret in the link.
    InvitationLinkId
);
id!(
    /// A session, as a list of devices names it. It is not the secret in the cookie.
    SessionId
);
id!(
    /// One life of the database. Minted at creation and at every restore, so that a browser which
    /// knew the database before a restore knows that its copy is worth nothing.
    Epoch
);

impl RoomId {
    /// The first eight characters, which people see.
    #[must_use]
    pub fn short(self) -> String {
        let (first, ..) = self.0.as_fields();
        format!("{first:08x}")
    }

    /// Finds the room in what a person pasted: a link to the room or to a page of it, else the id alone, each with
    /// or without words, signs and particles around it.
    ///
    /// # Errors
    /// [`NotAnId`] when there is neither.
    pub fn from_pasted(raw: &str) -> Result<Self, NotAnId> {
        // As sign-in carries it on: `?next=%2Froom%2F…`.
        let raw = raw.replace("%2F", "/").replace("%2f", "/");
        let is_of_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let linked = raw.split("/room/").skip(1).find_map(|path| {
            Self::parse(path.split(|c| !is_of_id(c)).next()?.trim_end_matches('-')).ok()
        });
        // A step of another address is no room.
        let is_of_word = |c: char| is_of_id(c) || matches!(c, '/' | '_');
        let alone = || {
            let mut words = raw.split(|c| !is_of_word(c));
            words.find_map(|word| Self::parse(word.trim_matches('-')).ok())
        };
        linked.or_else(alone).ok_or(NotAnId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_survives_its_own_text(bytes: [u8; 16]) {
            let id = RoomId::from_uuid(Uuid::from_bytes(bytes));
            prop_assert_eq!(RoomId::parse(&id.to_string()), Ok(id));
            prop_assert_eq!(id.short().len(), 8);
            prop_assert!(id.to_string().starts_with(&id.short()));
        }

        #[test]
        fn fresh_ids_are_in_the_order_of_time_and_never_alike(
            earlier in 0_i64..1 << 47, later in 1_i64..1 << 40, a: [u8; 16], b: [u8; 16],
        ) {
            prop_assume!(a[6..] != b[6..]);
            let (a, b) = (Uuid::from_bytes(a), Uuid::from_bytes(b));
            let [first, second] = [(earlier, a), (earlier + later, b)]
                .map(|(at, random)| ClientId::fresh(Millis(at), random));
            prop_assert!(first < second);
            prop_assert_eq!(first.uuid().get_version_num(), 7);
        }

        #[test]
        fn a_link_leads_to_its_room_whatever_is_around_it(
            bytes: [u8; 16],
            before in "(| |방 링크: |여기요\n|<|\\(|「|\"|https://other.example/a )",
            after in "(|/|\\?before=9|#end|/settings|/invite|\\.|!|에서 봐요|으로|\\)| 여기예요|\u{200B}|。|ㅎㅎ|-|\nhttps://other.example/)",
        ) {
            let id = RoomId::from_uuid(Uuid::from_bytes(bytes));
            for link in [
                format!("{before}https://chat.example/room/{id}{after}"),
                format!("{before}http://localhost:3000/room/{}{after}", id.to_string().to_uppercase()),
                format!("{before}https://chat.example/sign-in?next=%2Froom%2F{id}{after}"),
                format!("{before}/room/{}{after}", id.uuid().simple()),
                format!("{before}{id}{}", if after.starts_with('/') { "" } else { &after }),
            ] {
                prop_assert_eq!(RoomId::from_pasted(&link), Ok(id), "{}", link);
            }
        }

        #[test]
        fn nothing_else_is_a_room(raw in "[^0-9a-f]{0,60}", bytes: [u8; 16]) {
            prop_assert_eq!(RoomId::from_pasted(&raw), Err(NotAnId));
            let id = Uuid::from_bytes(bytes);
            for other in [format!("https://chat.example/people/{id}"), format!("{id}0"), format!("x{id}")] {
                prop_assert_eq!(RoomId::from_pasted(&other), Err(NotAnId), "{}", other);
            }
        }
    }
}
