//! A user's account, as its own page shows it.

use crate::{sessions::Device, text::ValidationError, users::Email};

/// What the account's own page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub email: Email,
    /// An older account has the same address in another spelling: the user is asked to change theirs.
    pub email_is_shared: bool,
    /// Whether signing in requires a code too.
    pub has_two_factor: bool,
    /// The most recently used first.
    pub devices: Vec<Device>,
}

/// What a user has chosen for all devices, by the codes of the choices. None: as the device has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    pub language: Option<String>,
    pub theme: Option<String>,
}

/// That the user has ticked that something cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation(());

impl Confirmation {
    /// # Errors
    /// [`ValidationError::NotConfirmed`] where the box is not ticked.
    pub const fn parse(is_ticked: bool) -> Result<Self, ValidationError> {
        if is_ticked { Ok(Self(())) } else { Err(ValidationError::NotConfirmed) }
    }
}
