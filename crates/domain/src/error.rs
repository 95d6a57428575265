//! Everything that can be answered instead of what was asked for. An error is data: the language
//! catalogue turns it into a sentence, one function here into an HTTP status.

use crate::{quotas::Quota, text::ValidationError};
use serde::{Deserialize, Serialize};

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
    Code,
    Confirmation,
}

impl Field {
    pub const ALL: [Self; 15] = [
        Self::Email,
        Self::Name,
        Self::Password,
        Self::Title,
        Self::Room,
        Self::Text,
        Self::Profile,
        Self::Avatar,
        Self::Description,
        Self::Owner,
        Self::Users,
        Self::Administrator,
        Self::NewPassword,
        Self::Code,
        Self::Confirmation,
    ];

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

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// What the person typed was refused, field by field.
    #[error("invalid input: {errors:?}")]
    Invalid { errors: Vec<FieldError> },
    /// The request itself was not of the expected shape.
    #[error("malformed request")]
    Malformed,
    /// Unknown address or wrong password; which of them is not told.
    #[error("wrong e-mail or password")]
    WrongCredentials,
    /// The right password, of somebody whom an administrator has suspended.
    #[error("suspended")]
    Suspended,
    /// The instance takes nobody in, or only the invited.
    #[error("sign-up is closed")]
    SignUpClosed,
    /// There is no session, or it has ended.
    #[error("signed out")]
    SignedOut,
    /// There is no such room, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The caller sees the room, and may not do this in it.
    #[error("not allowed")]
    NotAllowed,
    /// It was there, or may have been, and cannot be used any more.
    #[error("gone")]
    Gone,
    /// The same client id was sent before with another text.
    #[error("conflict with what was sent before")]
    Conflict,
    /// Too many in too short a time; worth trying again after so many seconds.
    #[error("too many requests, try again in {seconds} s")]
    SlowDown { seconds: u32 },
    /// There are as many as there may be.
    #[error("quota reached: {quota:?}, {most}")]
    QuotaReached { quota: Quota, most: u32 },
    /// So many wrong passwords for the account that for now only known devices and reset links pass.
    #[error("only known devices may sign in for now")]
    OnlyKnownDevices,
    /// The server has more to do than it can; worth trying again at once.
    #[error("busy")]
    Busy,
    /// More bytes than any form here could hold.
    #[error("too large")]
    TooLarge,
    /// The request came from another site.
    #[error("cross-site request")]
    CrossSite,
    /// The server did not answer. Only ever made in the browser.
    #[error("unreachable")]
    Unreachable,
    /// Something broke inside. The id finds its cause in the log.
    #[error("internal error {id}")]
    Internal { id: String },
}

impl AppError {
    #[must_use]
    pub fn invalid(field: Field, error: ValidationError) -> Self {
        Self::Invalid { errors: vec![FieldError { field, error }] }
    }

    /// The HTTP status that says the same.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid { .. } | Self::Malformed => 422,
            Self::WrongCredentials | Self::SignedOut => 401,
            Self::NotFound => 404,
            Self::Conflict | Self::QuotaReached { .. } => 409,
            Self::Gone => 410,
            Self::SlowDown { .. } | Self::OnlyKnownDevices => 429,
            Self::Busy | Self::Unreachable => 503,
            Self::TooLarge => 413,
            Self::CrossSite | Self::NotAllowed | Self::Suspended | Self::SignUpClosed => 403,
            Self::Internal { .. } => 500,
        }
    }

    /// Why this field was refused, if it was.
    #[must_use]
    pub fn field_error(&self, field: Field) -> Option<ValidationError> {
        let Self::Invalid { errors } = self else { return None };
        errors
            .iter()
            .find(|field_error| field_error.field == field)
            .map(|field_error| field_error.error)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_error_is_reported() {
        let mut errors = FieldErrors::default();
        assert_eq!(errors.check(Field::Name, Ok::<_, ValidationError>(1)), Some(1));
        assert_eq!(errors.check(Field::Email, Err::<(), _>(ValidationError::InvalidFormat)), None);
        assert_eq!(errors.check(Field::Password, Err::<(), _>(ValidationError::Empty)), None);
        let error = AppError::from(errors);
        assert_eq!(error.field_error(Field::Email), Some(ValidationError::InvalidFormat));
        assert_eq!(error.field_error(Field::Password), Some(ValidationError::Empty));
        assert_eq!(error.field_error(Field::Name), None);
        assert_eq!(error.status(), 422);
    }

    #[test]
    fn an_error_survives_json() {
        for error in [
            AppError::invalid(Field::Text, ValidationError::TooLong { most: 4_000 }),
            AppError::SlowDown { seconds: 3 },
            AppError::QuotaReached { quota: Quota::Links, most: 50 },
            AppError::OnlyKnownDevices,
            AppError::Internal { id: "7f".to_owned() },
        ]
        .into_iter()
        .chain(Field::ALL.map(|field| AppError::invalid(field, ValidationError::Empty)))
        {
            let json = serde_json::to_string(&error).unwrap();
            assert_eq!(serde_json::from_str::<AppError>(&json).unwrap(), error);
        }
    }
}
