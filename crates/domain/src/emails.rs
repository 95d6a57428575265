//! E-mail addresses in one canonical form.

#[cfg(not(target_family = "wasm"))]
mod typed;
#[cfg(not(target_family = "wasm"))]
pub use typed::TypedEmail;

/// An e-mail address in the form in which addresses are compared and shown: composed (NFC), in lower case,
/// without invisible characters, full-width letters as ASCII, the domain in its own script rather than in
/// punycode.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// An address from the database. An account of an earlier version may have one in another form.
    #[must_use]
    pub const fn stored(address: String) -> Self {
        Self(address)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
