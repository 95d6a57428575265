//! Signing up.

use crate::{
    components::{ErrorMessage, PlainForm},
    forms::{Form, FormState},
    i18n,
    page_context::{PageContext, page_context},
    pages::{
        account_fields::{AccountFields, NameField},
        auth::{AuthSwitchLink, NextField, next_path},
        server_page::{Layout, ServerPage},
    },
    paths,
    server_fns::SignUp,
};
use domain::admin::RegistrationMode;
use leptos::prelude::*;

/// Signs up.
#[derive(Debug)]
pub struct SignUpPage {
    /// The path to continue at.
    pub next: Option<String>,
    pub mode: RegistrationMode,
}

impl ServerPage for SignUpPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::auth::words(context.language).sign_up.to_owned()
    }

    fn layout(&self, _: &PageContext) -> Layout {
        Layout::Auth
    }

    fn view(&self) -> AnyView {
        page(self.next.clone(), self.mode).into_any()
    }
}

fn page(going_to: Option<String>, mode: RegistrationMode) -> impl IntoView {
    let t = i18n::auth::words(page_context().language);
    let state = FormState::of(SignUp::NAME);
    let next = next_path(state, going_to);
    let carried = next.clone();
    let admin = i18n::admin::words(page_context().language);
    let refused = match mode {
        RegistrationMode::Open => None,
        RegistrationMode::Invitation => Some(admin.by_invitation),
        RegistrationMode::Closed => Some(admin.closed),
    };
    let form = match refused {
        Some(said) => view! { <p class="auth-closed" role="status">{said}</p> }.into_any(),
        None => view! {
            <PlainForm name=SignUp::NAME class="auth-form">
                <ErrorMessage />
                <NextField path=carried />
                <AccountFields name=NameField::First />
                <button class="button">{t.sign_up}</button>
            </PlainForm>
        }
        .into_any(),
    };
    view! {
        {form}
        <p class="auth-other">
            {t.have_account} " " <AuthSwitchLink path=paths::SIGN_IN next label=t.sign_in />
        </p>
    }
}
