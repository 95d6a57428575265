//! English.

use crate::i18n::{Language, en::too_long, quotas};
use domain::{
    avatars::ImageLimit,
    error::{AppError, Field, FieldError, What},
    text::ValidationError,
};

pub fn sentence(error: &AppError) -> String {
    let sentence = match error {
        AppError::Invalid { .. } => "Check what you have entered.",
        AppError::EmailTaken => "This address has an account already.",
        AppError::WrongPassword => "This is not your present password.",
        AppError::WrongCode => WRONG_CODE,
        AppError::PendingLoginExpired => {
            "Too much time has passed, or there were too many wrong codes. Sign in again from the beginning."
        }
        AppError::LastOwner => "Hand the room over to another member or close it before you leave.",
        AppError::LastAdministrator => {
            "This is the last administrator. Make somebody else one first."
        }
        AppError::NoUserChosen => "Choose whom to invite.",
        AppError::TooManyInvited { most } => {
            return format!("Up to {most} people can be invited at once.");
        }
        AppError::DefaultProfile => {
            "Your default profile cannot be deleted. Make another one the default first."
        }
        AppError::TooManyProfiles { most } => {
            return format!("You can have up to {most} profiles.");
        }
        AppError::NoImage => "Choose a picture.",
        AppError::ImageTooLarge { limit } => return image_too_large(*limit),
        AppError::UnreadableImage => {
            "This file cannot be read. Choose a PNG, JPEG, WebP or GIF picture."
        }
        AppError::Malformed => "The request made no sense. Reload the page and try again.",
        AppError::WrongCredentials => "The e-mail address or the password is wrong.",
        AppError::Suspended => "This account is suspended. Ask an administrator.",
        AppError::SignUpClosed => "You cannot sign up here now without an invitation.",
        AppError::SignedOut => "Sign in first.",
        AppError::NotFound(what) => not_found(*what),
        AppError::NotAllowed => "You cannot do that in this room.",
        AppError::Gone => "This link can no longer be used. Ask for a new one.",
        AppError::Conflict => "This was sent before with other words. Send it once more.",
        AppError::SlowDown { seconds: 1 } => "Slow down a little. Try again in a second.",
        AppError::SlowDown { seconds } => {
            return format!("Slow down a little. Try again in {seconds} seconds.");
        }
        AppError::QuotaReached { quota, most } => {
            return quotas::sentence(Language::En, *quota, *most);
        }
        AppError::OnlyKnownDevices => {
            "Too many wrong passwords have been tried for this account. For now it can be signed in to only on devices where that was done before. If it is urgent, ask an administrator for a link to reset the password; otherwise try again in an hour."
        }
        AppError::Busy => "That did not work just now. Try again in a moment.",
        AppError::TooLarge => "That is too much to send at once.",
        AppError::CrossSite => "The request came from another site and was refused.",
        AppError::Internal { id } => {
            return format!(
                "Something broke on our side. If you tell us, mention this number: {id}."
            );
        }
    };
    sentence.to_owned()
}

const fn not_found(what: What) -> &'static str {
    match what {
        What::Room => "There is no such room.",
        What::User => "There is no such person.",
        What::Member => "There is no such member.",
        What::Profile => "There is no such profile.",
        What::Avatar => "There is no such picture.",
        What::InvitationLink => "There is no such invitation link.",
        What::TwoFactorSetup => {
            "Setting up two-step sign-in is over, or was begun elsewhere. Please start again."
        }
        What::Page => "There is no such page.",
    }
}

const WRONG_CODE: &str = "This code is wrong, or it was used already. Try the next one.";
const CHECK: &str = "Check this.";

pub fn field_sentence(FieldError { field, error }: FieldError) -> String {
    let sentence = match error {
        ValidationError::Empty => empty(field),
        ValidationError::InvalidFormat => invalid_format(field),
        ValidationError::NotConfirmed => "Tick this box to go on.",
        ValidationError::TooShort { least } => return format!("At least {least} characters."),
        ValidationError::TooLong { most } => return too_long(most),
        ValidationError::Control => "There are characters in it that cannot be used.",
        ValidationError::Common => "This password is too common. Choose another.",
        ValidationError::Personal => {
            "A password made of your own name or address is easily guessed. Choose another."
        }
    };
    sentence.to_owned()
}

const fn empty(field: Field) -> &'static str {
    match field {
        Field::Email => "Enter your e-mail address.",
        Field::Name => "Enter a name.",
        Field::Password | Field::NewPassword => "Enter a password.",
        Field::PresentPassword => "Enter your present password.",
        Field::Title => "Enter a name for the room.",
        Field::Room => "Paste a link or an id.",
        Field::Text => "Write a message first.",
        Field::Code => "Enter a code.",
        Field::Profile
        | Field::Avatar
        | Field::Description
        | Field::Owner
        | Field::Users
        | Field::Administrator
        | Field::Confirmation => CHECK,
    }
}

const fn invalid_format(field: Field) -> &'static str {
    match field {
        Field::Email => "Check the e-mail address.",
        Field::Room => "This is neither a link nor an id of a room.",
        Field::Code => WRONG_CODE,
        Field::Name
        | Field::Password
        | Field::NewPassword
        | Field::PresentPassword
        | Field::Title
        | Field::Text
        | Field::Profile
        | Field::Avatar
        | Field::Description
        | Field::Owner
        | Field::Users
        | Field::Administrator
        | Field::Confirmation => CHECK,
    }
}

fn image_too_large(limit: ImageLimit) -> String {
    let most = match limit {
        ImageLimit::Bytes(most) => format!("{} MB", most / 1_048_576),
        ImageLimit::Pixels(most) => format!("{} megapixels", most / 1_000_000),
    };
    format!("This picture is too large. It may have up to {most}.")
}
