//! Changing the address and the password of the user's account, and deleting it.

use crate::{
    components::{ErrorMessage, Field, PlainForm},
    forms::{Form, FormState},
    i18n,
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::{ChangeEmail, ChangePassword, DeleteAccount},
};
use domain::{error, users::Email};
use leptos::prelude::*;

/// Changes the account's address.
#[derive(Debug)]
pub struct EmailPage {
    pub email: Email,
    /// An older account has the same address.
    pub shared: bool,
}

impl ServerPage for EmailPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::account::words(context.language).change_email.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::account(context))
    }

    fn view(&self) -> AnyView {
        email_page(self.email.clone(), self.shared).into_any()
    }
}

fn email_page(email: Email, shared: bool) -> impl IntoView {
    let t = i18n::account::words(page_context().language);
    let shared = shared
        .then(|| view! { <p class="page-lead" role="status">{t.email_is_shared}</p> }.into_any());
    view! {
        {shared}
        <p class="page-lead">{t.change_email_hint}</p>
        <PlainForm name=ChangeEmail::NAME class="page-form">
            <ErrorMessage />
            <Field
                field=error::Field::Email
                name="email"
                label=t.new_email
                kind="email"
                initial=email.as_str().to_owned()
                autocomplete="email"
                inputmode="email"
            />
            <PresentPassword />
            <button class="button">{t.save}</button>
        </PlainForm>
    }
}

/// Changes the account's password.
#[derive(Debug)]
pub struct PasswordPage {
    pub email: Email,
}

impl ServerPage for PasswordPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::account::words(context.language).change_password.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::account(context))
    }

    fn view(&self) -> AnyView {
        password_page(self.email.clone()).into_any()
    }
}

fn password_page(email: Email) -> impl IntoView {
    let t = i18n::account::words(page_context().language);
    view! {
        <p class="page-lead">{t.change_password_hint}</p>
        <PlainForm name=ChangePassword::NAME class="page-form">
            <ErrorMessage />
            // For password managers: it tells them which account it is.
            <input
                type="text"
                value=email.as_str().to_owned()
                autocomplete="username"
                readonly
                hidden
            />
            <PresentPassword />
            <Field
                field=error::Field::NewPassword
                name="new_password"
                label=t.new_password
                kind="password"
                hint=t.new_password_hint
                autocomplete="new-password"
            />
            <button class="button">{t.save}</button>
        </PlainForm>
    }
}

/// Deletes the account: what is deleted and what stays; then the password and a confirmation.
#[derive(Debug)]
pub struct DeletionPage;

impl ServerPage for DeletionPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::account::words(context.language).delete.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::account(context))
    }

    fn view(&self) -> AnyView {
        deletion_page().into_any()
    }
}

fn deletion_page() -> impl IntoView {
    let t = i18n::account::words(page_context().language);
    let state = FormState::of(DeleteAccount::NAME);
    let last = state.error(error::Field::Administrator);
    let last = last.map(|said| view! { <p class="field-error" role="alert">{said}</p> }.into_any());
    let unconfirmed = state.error(error::Field::Confirmation);
    let is_unconfirmed = unconfirmed.is_some();
    let described = is_unconfirmed.then_some("confirmed-error");
    let invalid = is_unconfirmed.then_some("true");
    let lines = t.deleted.map(|line| view! { <li>{line}</li> }.into_any());
    view! {
        <ul class="page-lead page-lines">{lines.collect_view()}</ul>
        <PlainForm name=DeleteAccount::NAME class="page-form">
            <ErrorMessage />
            {last}
            <PresentPassword />
            <div class="field" class:field-refused=is_unconfirmed>
                <label class="tick">
                    <input
                        type="checkbox"
                        name="confirmed"
                        value="yes"
                        aria-invalid=invalid
                        aria-describedby=described
                    />
                    <span>{t.cannot_be_undone}</span>
                </label>
                <p class="field-error" id="confirmed-error" aria-live="polite">{unconfirmed}</p>
            </div>
            <button class="button button-danger">{t.delete_for_ever}</button>
            <a class="button button-quiet" href=paths::ACCOUNT>{t.cancel}</a>
        </PlainForm>
    }
}

/// The present password, where an open session alone is not enough.
#[component]
pub(super) fn PresentPassword() -> impl IntoView {
    let t = i18n::account::words(page_context().language);
    view! {
        <Field
            field=error::Field::PresentPassword
            name="password"
            label=t.present_password
            kind="password"
            autocomplete="current-password"
        />
    }
}
