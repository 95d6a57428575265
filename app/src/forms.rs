//! Forms: with scripts and without, the browser posts them itself.
//!
//! A form posts to its own page, `action="?/name"`. The server calls the server function of that name: success
//! redirects to the path in its [`Redirect`]; a refusal renders the same page again with a [`FormError`] in it.
//! Only the composer is handled by scripts once they run: it uses the socket.

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

/// The field of a form that names the user for whom it was rendered.
pub const DRAWN_FOR: &str = "drawn_for";

/// The field of a form that holds the id under which it is sent.
pub(crate) const CLIENT_ID: &str = "client_id";

/// In place of a form's name: the form with which an avatar is uploaded. It has no server function.
pub const UPLOAD_AVATAR: &str = "set_avatar";

/// A form has the name of its server function. Views, and the table of forms on the server, take it from here.
pub trait Form: ServerFn {
    const NAME: &'static str;
}

impl<F: ServerFn> Form for F {
    const NAME: &'static str = F::PATH.split_at(paths::API.len()).1;
}

/// Where a form leads after success: a path of this site, or none for the page it was on.
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

/// Why a form was refused, and what was typed into its fields, except secrets.
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
    /// In place of a form's name, when the posted form is not known.
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

    /// A refusal of a post that belongs to no form.
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

/// The error of the form that was posted to this page, until the reader goes to another page.
#[derive(Debug, Clone, Copy)]
pub struct FormErrors(RwSignal<Option<Arc<FormError>>>);

impl FormErrors {
    #[must_use]
    pub fn new(form_error: Option<Arc<FormError>>) -> Self {
        Self(RwSignal::new(form_error))
    }

    /// Drops the error: the reader has gone to another page.
    pub fn forget(self) {
        self.0.try_update(Option::take);
    }

    fn of(self, form: &str) -> Option<Arc<FormError>> {
        self.0.get().filter(|refusal| refusal.form == form)
    }
}

/// The form in which a component is.
#[derive(Debug, Clone, Copy)]
struct CurrentForm(&'static str);

/// The children of a form: they find its state by context. Forms are not nested, so after the children there is
/// no current form.
pub(crate) fn within(form: &'static str, children: Children) -> AnyView {
    provide_context(CurrentForm(form));
    let inside = children();
    provide_context(CurrentForm(FormError::NO_FORM));
    inside
}

/// What a form shows of its last submission.
#[derive(Clone, Copy)]
pub struct FormState {
    refusal: Signal<Option<Arc<FormError>>>,
    /// The initial values of the fields.
    typed: StoredValue<Option<Arc<FormError>>>,
}

impl std::fmt::Debug for FormState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormState").finish_non_exhaustive()
    }
}

impl FormState {
    /// The state of the form in which the component is. Outside of all forms: that of an unknown form.
    #[must_use]
    pub fn current() -> Self {
        Self::of(use_context().map_or(FormError::NO_FORM, |CurrentForm(form)| form))
    }

    /// The same, unless a form is named.
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
