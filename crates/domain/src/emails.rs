//! E-mail addresses: one address, whichever way it is written.

use crate::{
    text::ValidationError,
    users::{DisplayName, MAX_NAME_CHARS},
};

#[cfg(not(target_family = "wasm"))]
mod typed;
#[cfg(not(target_family = "wasm"))]
pub use typed::TypedEmail;

/// An e-mail address, in the one form in which addresses are compared and shown: composed, in lower case,
/// without what draws nothing, letters of full width as plain ones, the domain in its own script rather than in
/// punycode.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// An address from the database. An account of an earlier version may have one that is written otherwise.
    #[must_use]
    pub const fn stored(address: String) -> Self {
        Self(address)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How its user is called until they choose a name: what stands before the @, without the part behind a `+`
    /// by which people sort what is sent to them.
    ///
    /// # Errors
    /// [`ValidationError`] when that is no name.
    pub fn name(&self) -> Result<DisplayName, ValidationError> {
        let local = self.0.rsplit_once('@').map_or("", |(local, _)| local);
        let name = local.split('+').find(|part| !part.is_empty()).unwrap_or(local);
        DisplayName::parse(&name.chars().take(MAX_NAME_CHARS as usize).collect::<String>())
    }
}
