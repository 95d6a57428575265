//! The fields of forms and frames, and why each of them was refused.

use super::AppError;
use crate::text::ValidationError;
use serde::{Deserialize, Serialize};

with_all! {
    /// What a form or a frame may get wrong. Read by way of its code, which is compiled into the WASM but once for
    /// all texts.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(try_from = "String", rename_all = "snake_case")]
    pub enum Field {
        Email,
        Name,
        Password,
        Title,
        Room,
        Text,
        Profile,
        Avatar,
        Description,
        Owner,
        Users,
        Administrator,
        NewPassword,
        PresentPassword,
        Code,
        Confirmation,
    }
}

impl Field {
    const fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Password => "password",
            Self::Title => "title",
            Self::Room => "room",
            Self::Text => "text",
            Self::Profile => "profile",
            Self::Avatar => "avatar",
            Self::Description => "description",
            Self::Owner => "owner",
            Self::Users => "users",
            Self::Administrator => "administrator",
            Self::NewPassword => "new_password",
            Self::PresentPassword => "present_password",
            Self::Code => "code",
            Self::Confirmation => "confirmation",
        }
    }
}

impl TryFrom<String> for Field {
    type Error = ValidationError;

    fn try_from(code: String) -> Result<Self, ValidationError> {
        Self::ALL
            .into_iter()
            .find(|field| field.code() == code)
            .ok_or(ValidationError::InvalidFormat)
    }
}

/// One field and why it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: Field,
    pub error: ValidationError,
}

/// Parses the fields of a form one after the other and remembers every refusal, so that a person
/// hears of all of them at once.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn check<T>(&mut self, field: Field, parsed: Result<T, ValidationError>) -> Option<T> {
        parsed.map_err(|error| self.0.push(FieldError { field, error })).ok()
    }
}

impl From<FieldErrors> for AppError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid { errors: errors.0 }
    }
}
