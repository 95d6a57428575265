//! The sentence of every error: one for each meaning, in each language. The server alone says them; the browser is
//! told the sentence with the error.

mod en;
mod ko;

use super::Language;
use domain::error::{AppError, FieldError};

/// The sentence of an error.
#[must_use]
pub fn sentence(language: Language, error: &AppError) -> String {
    match language {
        Language::Ko => ko::sentence(error),
        Language::En => en::sentence(error),
    }
}

/// Why one field of a form was refused.
#[must_use]
pub fn field_sentence(language: Language, error: FieldError) -> String {
    match language {
        Language::Ko => ko::field_sentence(error),
        Language::En => en::field_sentence(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        avatars::ImageLimit,
        error::{Field, What},
        quotas::Quota,
        text::ValidationError,
    };
    use std::collections::HashSet;

    #[test]
    fn every_error_has_a_sentence() {
        let errors = [
            AppError::Malformed,
            AppError::WrongCredentials,
            AppError::Suspended,
            AppError::SignUpClosed,
            AppError::SignedOut,
            AppError::NotAllowed,
            AppError::Gone,
            AppError::Conflict,
            AppError::SlowDown { seconds: 3 },
            AppError::QuotaReached { quota: Quota::Links, most: 50 },
            AppError::OnlyKnownDevices,
            AppError::Busy,
            AppError::TooLarge,
            AppError::CrossSite,
            AppError::Internal { id: "7f".to_owned() },
            AppError::invalid(Field::Text, ValidationError::Empty),
            AppError::EmailTaken,
            AppError::WrongPassword,
            AppError::WrongCode,
            AppError::PendingLoginExpired,
            AppError::LastOwner,
            AppError::LastAdministrator,
            AppError::NoUserChosen,
            AppError::TooManyInvited { most: 50 },
            AppError::DefaultProfile,
            AppError::TooManyProfiles { most: 8 },
            AppError::NoImage,
            AppError::ImageTooLarge { limit: ImageLimit::Bytes(8_388_608) },
            AppError::ImageTooLarge { limit: ImageLimit::Pixels(40_000_000) },
            AppError::UnreadableImage,
        ];
        let errors: Vec<_> = errors.into_iter().chain(What::ALL.map(AppError::NotFound)).collect();
        for language in [Language::Ko, Language::En] {
            let unreachable = language.words().unreachable.to_owned();
            let said: HashSet<_> =
                errors.iter().map(|error| sentence(language, error)).chain([unreachable]).collect();
            assert_eq!(said.len(), errors.len() + 1, "each is told apart");
            assert!(said.iter().all(|sentence| sentence.ends_with('.')));
        }
    }

    #[test]
    fn an_empty_field_says_what_goes_into_it() {
        let typed = [
            Field::Email,
            Field::Name,
            Field::Password,
            Field::PresentPassword,
            Field::Title,
            Field::Room,
            Field::Text,
            Field::Code,
        ];
        for language in [Language::Ko, Language::En] {
            let said = typed.map(|field| {
                field_sentence(language, FieldError { field, error: ValidationError::Empty })
            });
            assert_eq!(HashSet::from(said).len(), typed.len());
        }
    }

    #[test]
    fn korean_counts_pixels_in_ten_thousands() {
        let said = |language, most| {
            let limit = ImageLimit::Pixels(most);
            sentence(language, &AppError::ImageTooLarge { limit })
        };
        for (most, pixels) in [
            (40_000_000, "4천만 화소"),
            (20_000_000, "2천만 화소"),
            (26_000_000, "2,600만 화소"),
            (12_500_000, "1,250만 화소"),
            (8_000_000, "800만 화소"),
            (1_000_000, "100만 화소"),
        ] {
            let sentence = said(Language::Ko, most);
            assert!(sentence.contains(&format!(" {pixels}까지")), "{sentence}");
        }
        let sentence = said(Language::En, 40_000_000);
        assert!(sentence.contains("40 megapixels"), "{sentence}");
    }

    #[test]
    fn an_upload_may_have_eight_megabytes() {
        let limit = ImageLimit::Bytes(u32::try_from(domain::avatars::MAX_UPLOAD_BYTES).unwrap());
        let error = AppError::ImageTooLarge { limit };
        assert_eq!(sentence(Language::Ko, &error), "사진이 너무 커요. 8MB까지 올릴 수 있어요.");
        assert_eq!(
            sentence(Language::En, &error),
            "This picture is too large. It may have up to 8 MB."
        );
    }
}
