//! Everything that can be answered instead of what was asked for. An error is data: the language
//! catalogue turns it into a sentence, one function here into an HTTP status.

mod field;

pub use field::{Field, FieldError, FieldErrors};

use crate::{avatars::ImageLimit, quotas::Quota, text::ValidationError};
use serde::{Deserialize, Serialize};

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// What the person typed was refused, field by field.
    #[error("invalid input: {errors:?}")]
    Invalid { errors: Vec<FieldError> },
    /// The address has an account already.
    #[error("e-mail taken")]
    EmailTaken,
    /// The password that was given is not the caller's own, or no longer is.
    #[error("wrong password")]
    WrongPassword,
    /// The two-factor code is wrong, or has been used.
    #[error("wrong code")]
    WrongCode,
    /// The sign-in that waited for a code is over: after too many wrong ones, or too long.
    #[error("pending login expired")]
    PendingLoginExpired,
    /// The room would be left without an owner.
    #[error("last owner")]
    LastOwner,
    /// The instance would be left without an administrator.
    #[error("last administrator")]
    LastAdministrator,
    /// An invitation without a user.
    #[error("no user chosen")]
    NoUserChosen,
    /// More were chosen than are invited at once.
    #[error("at most {most} are invited at once")]
    TooManyInvited { most: u32 },
    /// The default profile cannot be deleted.
    #[error("default profile")]
    DefaultProfile,
    #[error("at most {most} profiles")]
    TooManyProfiles { most: u32 },
    /// No image was chosen.
    #[error("no image")]
    NoImage,
    #[error("image too large: {limit:?}")]
    ImageTooLarge { limit: ImageLimit },
    /// Not an image, damaged, or of a format that is not taken.
    #[error("unreadable image")]
    UnreadableImage,
    /// The request itself was not of the expected shape.
    #[error("malformed request")]
    Malformed,
    /// Unknown address or wrong password; which of them is not told.
    #[error("wrong e-mail or password")]
    WrongCredentials,
    /// The right password, of a user whom an administrator has suspended.
    #[error("suspended")]
    Suspended,
    /// New users may not sign up, or only by invitation.
    #[error("sign-up is closed")]
    SignUpClosed,
    /// There is no session, or it has ended.
    #[error("signed out")]
    SignedOut,
    /// There is no such thing, or the caller may not know of it.
    #[error("not found: {0:?}")]
    NotFound(What),
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
    /// Something broke inside. The id finds its cause in the log.
    #[error("internal error {id}")]
    Internal { id: String },
}

with_all! {
    /// What was looked for and is not there.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum What {
        Room,
        /// A user of the instance.
        User,
        /// A user who is in the room.
        Member,
        Profile,
        Avatar,
        InvitationLink,
        /// Setting up a second sign-in step: it is over, or was begun in another session.
        TwoFactorSetup,
        /// A part of the site.
        Page,
    }
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
            Self::Invalid { .. }
            | Self::EmailTaken
            | Self::WrongPassword
            | Self::WrongCode
            | Self::PendingLoginExpired
            | Self::LastOwner
            | Self::LastAdministrator
            | Self::NoUserChosen
            | Self::TooManyInvited { .. }
            | Self::DefaultProfile
            | Self::TooManyProfiles { .. }
            | Self::NoImage
            | Self::ImageTooLarge { .. }
            | Self::UnreadableImage
            | Self::Malformed => 422,
            Self::WrongCredentials | Self::SignedOut => 401,
            Self::NotFound(_) => 404,
            Self::Conflict | Self::QuotaReached { .. } => 409,
            Self::Gone => 410,
            Self::SlowDown { .. } | Self::OnlyKnownDevices => 429,
            Self::Busy => 503,
            Self::TooLarge => 413,
            Self::CrossSite | Self::NotAllowed | Self::Suspended | Self::SignUpClosed => 403,
            Self::Internal { .. } => 500,
        }
    }

    /// The field beside which the error is shown, if it is about one. [`Self::Invalid`] names its own.
    #[must_use]
    pub const fn field(&self) -> Option<Field> {
        match self {
            Self::EmailTaken => Some(Field::Email),
            Self::WrongPassword => Some(Field::PresentPassword),
            Self::WrongCode | Self::PendingLoginExpired => Some(Field::Code),
            Self::LastOwner => Some(Field::Owner),
            Self::LastAdministrator => Some(Field::Administrator),
            Self::NoUserChosen | Self::TooManyInvited { .. } => Some(Field::Users),
            Self::DefaultProfile | Self::TooManyProfiles { .. } => Some(Field::Profile),
            Self::NoImage | Self::ImageTooLarge { .. } | Self::UnreadableImage => {
                Some(Field::Avatar)
            }
            Self::Invalid { .. }
            | Self::Malformed
            | Self::WrongCredentials
            | Self::Suspended
            | Self::SignUpClosed
            | Self::SignedOut
            | Self::NotFound(_)
            | Self::NotAllowed
            | Self::Gone
            | Self::Conflict
            | Self::SlowDown { .. }
            | Self::QuotaReached { .. }
            | Self::OnlyKnownDevices
            | Self::Busy
            | Self::TooLarge
            | Self::CrossSite
            | Self::Internal { .. } => None,
        }
    }

    /// Why this field was refused, if what was typed into it was.
    #[must_use]
    pub fn field_error(&self, field: Field) -> Option<ValidationError> {
        let Self::Invalid { errors } = self else { return None };
        errors.iter().find(|refused| refused.field == field).map(|refused| refused.error)
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
            AppError::ImageTooLarge { limit: ImageLimit::Pixels(40_000_000) },
            AppError::TooManyProfiles { most: 8 },
            AppError::Internal { id: "7f".to_owned() },
        ]
        .into_iter()
        .chain(What::ALL.map(AppError::NotFound))
        .chain(Field::ALL.map(|field| AppError::invalid(field, ValidationError::Empty)))
        {
            let json = serde_json::to_string(&error).unwrap();
            assert_eq!(serde_json::from_str::<AppError>(&json).unwrap(), error);
        }
    }
}
