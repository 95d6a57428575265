//! Users: their names and what others see of them.

use crate::{
    ids::{AvatarId, UserId},
    text::{ValidationError, one_line, parsed_text},
};
use serde::{Deserialize, Serialize};

pub use crate::emails::Email;
#[cfg(not(target_family = "wasm"))]
pub use crate::{
    emails::TypedEmail,
    passwords::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Password},
};

/// The most characters in a name.
pub const MAX_NAME_CHARS: u32 = 40;

parsed_text!(
    /// A user's name in rooms: one visible line of 1 to 40 characters.
    DisplayName
);

impl DisplayName {
    /// # Errors
    /// [`ValidationError`] when it is empty, too long or not one plain line.
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        one_line(raw, MAX_NAME_CHARS).map(Self)
    }
}

impl Email {
    /// How its user is called until they choose a name: what stands before the @, without the part behind a `+`
    /// by which people sort what is sent to them.
    ///
    /// # Errors
    /// [`ValidationError`] when that is no name.
    pub fn name(&self) -> Result<DisplayName, ValidationError> {
        let local = self.as_str().rsplit_once('@').map_or("", |(local, _)| local);
        let name = local.split('+').find(|part| !part.is_empty()).unwrap_or(local);
        DisplayName::parse(&name.chars().take(MAX_NAME_CHARS as usize).collect::<String>())
    }
}

/// The signed-in user, as the page itself needs them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CurrentUser {
    pub id: UserId,
    pub name: DisplayName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AvatarId>,
}

/// The most users on one page of the directory.
pub const DIRECTORY_PER_PAGE: usize = 60;

/// A user as all other users see them: by their default profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSummary {
    pub user: UserId,
    pub name: DisplayName,
    pub avatar: Option<AvatarId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_name_survives_json(raw in any::<String>()) {
            if let Ok(name) = DisplayName::parse(&raw) {
                let json = serde_json::to_string(&name).unwrap();
                prop_assert_eq!(serde_json::from_str::<DisplayName>(&json).unwrap(), name);
            }
        }
    }

    #[test]
    fn json_cannot_bring_in_what_parse_refuses() {
        assert!(serde_json::from_str::<DisplayName>("\"\\u3164\"").is_err());
    }
}
