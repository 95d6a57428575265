//! Identifiers. Each kind is a UUID in its hyphenated form, of a type of its own.

use crate::clock::Millis;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{fmt, str::FromStr};
use uuid::{Builder, Uuid};

/// The text was not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

/// `uuid`'s own `Deserialize` explains what is wrong with a text, which takes more WASM than all ids.
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
            /// Parses the hyphenated or the plain form, in either case.
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
    /// A user.
    UserId
);
id!(
    /// One of a user's profiles.
    ProfileId
);
id!(
    /// An avatar, as its path names it. Random, so that none can be guessed from another.
    AvatarId
);
id!(
    /// A room. Random rather than time-ordered: users tell rooms apart by the first eight characters, and
    /// time-ordered ids made within the same minute share them.
    RoomId
);
id!(
    /// A stored message. The server makes it.
    MessageId
);
id!(
    /// The id that a client gives to a message before it is stored. With the author it is unique for ever, so a
    /// retry is not stored twice.
    ClientId
);
impl ClientId {
    /// A new id, ordered by time (`UUIDv7`): an author's messages go to one end of the database's index, rather
    /// than to a page of it each. `random` is a random UUID.
    #[must_use]
    pub fn fresh(now: Millis, random: Uuid) -> Self {
        let millis = u64::try_from(now.0).unwrap_or_default();
        let [_, _, _, _, _, _, rest @ ..] = random.into_bytes();
        Self(Builder::from_unix_timestamp_millis(millis, &rest).into_uuid())
    }
}
id!(
    /// A notice to a user about their account. Ordered by time.
    NoticeId
);
id!(
    /// An invitation link, as lists name it. It is not the secret in the link.
    InvitationLinkId
);
id!(
    /// A session, as the list of devices names it. It is not the secret in the cookie.
    SessionId
);
id!(
    /// The database's identity, made anew at creation and at every restore: by it a browser knows that its copy
    /// of the data is from before the restore, and discards it.
    Epoch
);

impl RoomId {
    /// The first eight characters, which users see.
    #[must_use]
    pub fn short(self) -> String {
        let (first, ..) = self.0.as_fields();
        format!("{first:08x}")
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
    }
}
