//! The second factor at sign-in: a code.

use crate::{
    components::{ErrorMessage, Field, PlainForm},
    forms::{Form, FormState},
    i18n,
    page_context::{PageContext, page_context},
    pages::auth::{AuthSwitchLink, NextField, next_path},
    pages::server_page::{Layout, ServerPage},
    paths,
    server_fns::SubmitCode,
};
use domain::error;
use leptos::prelude::*;

/// Asks for the code that some accounts require after the password.
#[derive(Debug)]
pub struct SignInCodePage {
    /// The path to continue at.
    pub next: Option<String>,
}

impl ServerPage for SignInCodePage {
    fn title(&self, context: &PageContext) -> String {
        i18n::auth::words(context.language).code_title.to_owned()
    }

    fn layout(&self, _: &PageContext) -> Layout {
        Layout::Auth
    }

    fn view(&self) -> AnyView {
        page(self.next.clone()).into_any()
    }
}

fn page(going_to: Option<String>) -> impl IntoView {
    let t = i18n::auth::words(page_context().language);
    let state = FormState::of(SubmitCode::NAME);
    let next = next_path(state, going_to);
    let carried = next.clone();
    view! {
        <PlainForm name=SubmitCode::NAME class="auth-form">
            <ErrorMessage />
            <NextField path=carried />
            <Field
                field=error::Field::Code
                name="code"
                label=t.code
                hint=t.code_hint
                autocomplete="one-time-code"
            />
            <button class="button">{t.sign_in}</button>
        </PlainForm>
        <p class="auth-other">
            <AuthSwitchLink path=paths::SIGN_IN next label=t.from_the_beginning />
        </p>
    }
}
