//! Signing in.

use crate::{
    components::{ErrorMessage, Field, PlainForm},
    forms::{Form, FormState},
    i18n,
    page_context::{PageContext, page_context},
    pages::{
        account_fields::EmailField,
        auth::{AuthSwitchLink, NextField, next_path},
        server_page::{Layout, ServerPage},
    },
    paths,
    server_fns::SignIn,
};
use domain::{admin::RegistrationMode, error};
use leptos::prelude::*;

/// Signs in.
#[derive(Debug)]
pub struct SignInPage {
    /// The path to continue at.
    pub next: Option<String>,
    pub mode: RegistrationMode,
}

impl ServerPage for SignInPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::auth::words(context.language).sign_in.to_owned()
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
    let state = FormState::of(SignIn::NAME);
    let next = next_path(state, going_to);
    let carried = next.clone();
    // Only where registration is open is there a link to sign up.
    let sign_up = (mode == RegistrationMode::Open).then(|| {
        view! {
            <p class="auth-other">
                {t.no_account} " " <AuthSwitchLink path=paths::SIGN_UP next label=t.sign_up />
            </p>
        }
        .into_any()
    });
    view! {
            <PlainForm name=SignIn::NAME class="auth-form">
                <ErrorMessage />
                <NextField path=carried />
                <EmailField />
                <Field
                    field=error::Field::Password
                    name="password"
                    label=t.password
                    kind="password"
                    autocomplete="current-password"
                />
                <button class="button">{t.sign_in}</button>
            </PlainForm>
            {sign_up}
    }
}
