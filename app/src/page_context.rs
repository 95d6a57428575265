//! What a page knows from its request. The server makes it, the browser reads it from the document: both render
//! the first screen from the same data.

use crate::{
    errors::ShownError,
    forms::FormError,
    i18n::{Language, Words},
};
use domain::{
    clock::{Clock, Millis},
    history::HistoryPage,
    ids::ClientId,
    rooms::RoomSummary,
    users::CurrentUser,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageContext {
    /// The signed-in user.
    pub viewer: Option<CurrentUser>,
    pub language: Language,
    pub theme: Theme,
    /// The offsets of the reader's time zone.
    pub clock: Clock,
    /// When the page was rendered.
    pub now: Millis,
    /// The origin of this instance, without a slash at the end: links begin with it.
    pub origin: String,
    /// The client id with which the composer's form posts when there are no scripts: made with the page, so
    /// that a double click is one message.
    pub client_id: Option<ClientId>,
    /// The user's rooms, the one with the newest activity first.
    pub rooms: Vec<RoomSummary>,
    /// The error of the form that was posted. Shared: it holds what was typed, and a page clones its context
    /// several times.
    #[serde(with = "shared")]
    pub form_error: Option<Arc<FormError>>,
    /// On a room's page: what `read_page` would return. The last field: the server writes it by itself.
    pub initial_room: Option<Result<HistoryPage, ShownError>>,
}

/// In JSON a shared value is like any other.
mod shared {
    use crate::forms::FormError;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::sync::Arc;

    #[expect(clippy::ref_option, reason = "serde hands the field over so")]
    pub fn serialize<S: Serializer>(
        refusal: &Option<Arc<FormError>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        refusal.as_deref().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Arc<FormError>>, D::Error> {
        Option::<FormError>::deserialize(deserializer).map(|refusal| refusal.map(Arc::new))
    }
}

/// Light or dark, or as the system has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl From<String> for Theme {
    fn from(code: String) -> Self {
        Self::from_code(&code)
    }
}

impl Theme {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Parses the value of a cookie or a form; anything else is the system's theme.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The context of the page that is being rendered.
#[must_use]
pub fn page_context() -> Arc<PageContext> {
    use_context().unwrap_or_default()
}

impl PageContext {
    #[must_use]
    pub fn words(&self) -> &'static Words {
        self.language.words()
    }
}
