//! The fields with which an account is made: at sign-up, by an invitation link, and at set-up.

use crate::{components::Field, i18n, page_context::page_context};
use domain::error;
use leptos::prelude::*;

/// The place of the name field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameField {
    First,
    /// Optional.
    Last,
}

#[component]
pub fn AccountFields(name: NameField) -> impl IntoView {
    let t = i18n::auth::words(page_context().language);
    let invited = i18n::invitations::words(page_context().language);
    let (label, hint) = match name {
        NameField::First => (t.name, t.name_hint),
        NameField::Last => (invited.name, invited.name_hint),
    };
    let field = view! {
        <Field
            field=error::Field::Name
            name="name"
            label
            hint
            autocomplete="nickname"
        />
    }
    .into_any();
    let (first, last) = match name {
        NameField::First => (Some(field), None),
        NameField::Last => (None, Some(field)),
    };
    view! {
        {first}
        <EmailField />
        <Field
            field=error::Field::Password
            name="password"
            label=t.password
            kind="password"
            hint=t.password_hint
            autocomplete="new-password"
        />
        {last}
    }
}

/// The address by which the user signs in.
#[component]
pub fn EmailField() -> impl IntoView {
    view! {
        <Field
            field=error::Field::Email
            name="email"
            label=i18n::auth::words(page_context().language).email
            kind="email"
            autocomplete="username"
            inputmode="email"
        />
    }
}
