//! Forms: with scripts and without, the browser sends them itself.
//!
//! A form posts to its own page, `action="?/name"`. The server calls the server function of that name:
//! success leads on to where its [`Redirect`] says; a refusal draws the same page again with a [`FormError`]
//! in it. Only the composer answers for itself once there are scripts: it has the socket.

use crate::{
    codec::JsonText,
    context::{FunctionError, function_error, shown},
    errors::{ShownError, field_sentences},
    i18n::Language,
    page_context::page_context,
    paths,
};
use domain::error::{AppError, Field};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::{
    ServerFn,
    error::{FromServerFnError, ServerFnErrorErr},
};
use std::sync::Arc;

/// The field of a form that names the user it was drawn for.
pub const DRAWN_FOR: &str = "drawn_for";

/// The field of a form that holds the id under which it is sent.
pub(crate) const CLIENT_ID: &str = "client_id";

/// In the place of a form's name: the form with which an avatar is uploaded. No server function takes it.
pub const UPLOAD_AVATAR: &str = "set_avatar";

/// A form has the name of its server function. Views, and the table of forms on the server, take it from here.
pub trait Form: ServerFn {
    const NAME: &'static str;
}

impl<F: ServerFn> Form for F {
    const NAME: &'static str = F::PATH.split_at(paths::API.len()).1;
}

/// Where a form leads when it has been done: a path of this site, or the page it was on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    pub path: Option<String>,
}

impl Redirect {
    #[must_use]
    pub fn at(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()) }
    }

    #[must_use]
    pub const fn here() -> Self {
        Self { path: None }
    }
}

/// Why a form was refused, and what had been typed into its fields, secrets aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormError {
    /// The name of the form's server function.
    pub form: String,
    pub error: ShownError,
    /// What is said beside fields; where anything is, the form says nothing as a whole.
    field_errors: Vec<(Field, String)>,
    pub fields: Vec<(String, String)>,
}

impl FormError {
    /// In the place of a form's name, when what was posted is no form of this instance.
    pub const NO_FORM: &str = "";

    #[must_use]
    pub fn new(
        language: Language,
        form: &str,
        error: &AppError,
        mut fields: Vec<(String, String)>,
    ) -> Self {
        if *error == AppError::Conflict {
            // Something else was sent under the form's id: the form gets another.
            fields.retain(|(name, _)| name != CLIENT_ID);
        }
        let (form, field_errors) = (form.to_owned(), field_sentences(language, error));
        Self { form, error: ShownError::new(language, error), field_errors, fields }
    }

    /// A refusal of what was posted as a whole.
    #[must_use]
    pub fn of_no_form(language: Language, error: &AppError) -> Self {
        Self::new(language, Self::NO_FORM, error, Vec::new())
    }
}

/// The error of every server function on its way through leptos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerError(pub FunctionError);

impl ServerError {
    /// The error as the page shows it.
    #[must_use]
    pub fn shown(self) -> ShownError {
        shown(self.0)
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for ServerError {}

impl FromServerFnError for ServerError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(function_error(&error))
    }
}

/// The refusal of the page's own form, until the reader goes on.
#[derive(Debug, Clone, Copy)]
pub struct FormErrors(RwSignal<Option<Arc<FormError>>>);

impl FormErrors {
    #[must_use]
    pub fn new(form_error: Option<Arc<FormError>>) -> Self {
        Self(RwSignal::new(form_error))
    }

    /// Forgets it: the reader has gone to another page.
    pub fn forget(self) {
        self.0.try_update(Option::take);
    }

    fn of(self, form: &str) -> Option<Arc<FormError>> {
        self.0.get().filter(|refusal| refusal.form == form)
    }
}

/// The form in which a component stands.
#[derive(Debug, Clone, Copy)]
struct CurrentForm(&'static str);

/// What is in a form: it finds the state of its form by context. A form stands in no other, so afterwards there is none.
pub(crate) fn within(form: &'static str, children: Children) -> AnyView {
    provide_context(CurrentForm(form));
    let inside = children();
    provide_context(CurrentForm(FormError::NO_FORM));
    inside
}

/// What a form has to show for its last try.
#[derive(Clone, Copy)]
pub struct FormState {
    refusal: Signal<Option<Arc<FormError>>>,
    /// Holds the values that the fields begin with.
    typed: StoredValue<Option<Arc<FormError>>>,
}

impl std::fmt::Debug for FormState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormState").finish_non_exhaustive()
    }
}

impl FormState {
    /// The state of the form in which the component stands. Outside of all: of what was posted as a whole.
    #[must_use]
    pub fn current() -> Self {
        Self::of(use_context().map_or(FormError::NO_FORM, |CurrentForm(form)| form))
    }

    /// The same where no form is named.
    #[must_use]
    pub fn current_or(form: Option<&'static str>) -> Self {
        form.map_or_else(Self::current, Self::of)
    }

    #[must_use]
    pub fn of(form: &'static str) -> Self {
        let refused = use_context::<FormErrors>().unwrap_or_else(|| FormErrors::new(None));
        let typed = untrack(|| refused.of(form));
        let refusal = Signal::derive(move || refused.of(form));
        Self { refusal, typed: StoredValue::new(typed) }
    }

    /// What was typed into a field before the form was refused.
    #[must_use]
    pub fn typed(self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| {
            let mut typed = typed.as_ref()?.fields.iter();
            typed.find(|(field, _)| field == name).map(|(_, value)| value.clone())
        })
    }

    /// The id under which the form is sent: the page's own, or the one that was refused, so that trying
    /// again is trying the same.
    #[must_use]
    pub fn client_id(self) -> Option<String> {
        let refused = self.typed(CLIENT_ID);
        refused.or_else(|| page_context().client_id.map(|id| id.to_string()))
    }

    /// What is said beside a field.
    #[must_use]
    pub fn error(self, field: Field) -> Option<String> {
        let refusal = self.refusal.get()?;
        let mut errors = refusal.field_errors.iter();
        errors.find(|(refused, _)| *refused == field).map(|(_, sentence)| sentence.clone())
    }

    /// What is said of the form as a whole.
    #[must_use]
    pub fn general(self) -> Option<String> {
        let refusal = self.refusal.get().filter(|refusal| refusal.field_errors.is_empty())?;
        Some(refusal.error.sentence())
    }
}
