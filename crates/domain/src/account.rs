//! A person's own account: what it holds besides how they show themselves.

use crate::{sessions::Device, text::ValidationError, users::Email};

/// What the account's own page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub email: Email,
    /// An older account has the same address, written otherwise: the user is asked to change it.
    pub email_is_shared: bool,
    /// Whether signing in asks for a code too.
    pub has_two_factor: bool,
    /// The one that was used last first.
    pub devices: Vec<Device>,
}

/// What a person has chosen for every device, by the codes of the choices. None is what the device says.
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
