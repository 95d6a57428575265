//! Forms: with scripts and without, the browser sends them itself.
//!
//! A form posts to its own page, `action="?/name"`. The server calls the server function of that name:
//! success leads on to where its [`Redirect`] says; a refusal draws the same page again with a [`FormError`]
//! in it. Only the composer answers for itself once there are scripts: it has the socket.

use crate::{codec::JsonText, page_context::page_context, paths};
use domain::{
    error::{AppError, Field},
    text::ValidationError,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::{
    ServerFn,
    error::{FromServerFnError, ServerFnErrorErr},
};
use std::sync::Arc;

/// The field of a form that names the user it was drawn for.
pub const DRAWN_FOR: &str = "drawn_for";

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
    pub error: AppError,
    pub fields: Vec<(String, String)>,
}

impl FormError {
    /// In the place of a form's name, when what was posted is no form of this instance.
    pub const NO_FORM: &str = "";

    /// A refusal of what was posted as a whole.
    #[must_use]
    pub const fn of_no_form(error: AppError) -> Self {
        Self { form: String::new(), error, fields: Vec::new() }
    }
}

/// The error of every server function: a [`AppError`] on its way through leptos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerError(pub AppError);

impl From<AppError> for ServerError {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ServerError {}

impl FromServerFnError for ServerError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => AppError::Malformed,
            ServerFnErrorErr::Request(_) => AppError::Unreachable,
            other => AppError::Internal { id: other.to_string().chars().take(60).collect() },
        })
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
    error: Signal<Option<AppError>>,
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
        let error = Signal::derive(move || refused.of(form).map(|refusal| refusal.error.clone()));
        Self { error, typed: StoredValue::new(typed) }
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
    /// again is trying the same. Only after a conflict is it another.
    #[must_use]
    pub fn client_id(self) -> Option<String> {
        let conflict = untrack(|| self.general() == Some(AppError::Conflict));
        let refused = self.typed("client_id").filter(|_| !conflict);
        refused.or_else(|| page_context().client_id.map(|id| id.to_string()))
    }

    #[must_use]
    pub fn error(self, field: Field) -> Option<ValidationError> {
        self.error.with(|error| error.as_ref()?.field_error(field))
    }

    /// The error, unless it is one that stands beside a field.
    #[must_use]
    pub fn general(self) -> Option<AppError> {
        self.error.get().filter(|error| !matches!(error, AppError::Invalid { .. }))
    }
}
