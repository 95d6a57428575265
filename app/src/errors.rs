//! Errors on their way to the user: the server says each of them in the page's language, and the browser shows the
//! sentence that it is told.

use crate::i18n::{Language, errors, words};
use domain::error::{AppError, Field};
use serde::{Deserialize, Serialize};

/// An error as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownError {
    /// The HTTP status that says the same.
    pub status: u16,
    /// Empty when the server did not answer: the browser has that sentence itself.
    sentence: String,
}

impl ShownError {
    #[must_use]
    pub fn new(language: Language, error: &AppError) -> Self {
        Self { status: error.status(), sentence: errors::sentence(language, error) }
    }

    /// The server did not answer. Only ever made in the browser.
    #[must_use]
    pub const fn unreachable() -> Self {
        Self { status: 503, sentence: String::new() }
    }

    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        self.status == 404
    }

    #[must_use]
    pub fn sentence(&self) -> String {
        let sentence = self.sentence.as_str();
        (if sentence.is_empty() { words().unreachable } else { sentence }).to_owned()
    }
}

/// What the server answers to a script in the place of what it asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorAnswer {
    /// What programs tell apart.
    pub error: AppError,
    #[serde(flatten)]
    pub shown: ShownError,
}

impl ErrorAnswer {
    #[must_use]
    pub fn new(language: Language, error: AppError) -> Self {
        Self { shown: ShownError::new(language, &error), error }
    }
}

/// The fields that an error is shown beside, each with its sentence. None of an error of the whole form.
#[must_use]
pub fn field_sentences(language: Language, error: &AppError) -> Vec<(Field, String)> {
    if let AppError::Invalid { errors } = error {
        let sentence = |error| errors::field_sentence(language, error);
        return errors.iter().map(|error| (error.field, sentence(*error))).collect();
    }
    let shown = error.field().map(|field| (field, errors::sentence(language, error)));
    shown.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::text::ValidationError;

    #[test]
    fn an_error_is_said_beside_its_field_or_as_a_whole() {
        let fields = |error| field_sentences(Language::En, &error);
        assert_eq!(fields(AppError::SignedOut), []);
        assert_eq!(
            fields(AppError::LastOwner),
            [(
                Field::Owner,
                "Hand the room over to another member or close it before you leave.".to_owned()
            )]
        );
        let empty = AppError::invalid(Field::PresentPassword, ValidationError::Empty);
        assert_eq!(
            fields(empty),
            [(Field::PresentPassword, "Enter your present password.".to_owned())]
        );
    }

    #[test]
    fn the_browser_reads_what_a_script_is_answered() {
        let answer = ErrorAnswer::new(Language::En, AppError::SlowDown { seconds: 3 });
        let json = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<ErrorAnswer>(&json).unwrap(), answer);
        let shown: ShownError = serde_json::from_str(&json).unwrap();
        assert_eq!(shown.status, 429);
        assert_eq!(shown.sentence(), "Slow down a little. Try again in 3 seconds.");
    }
}
