//! Choosing a new password by a link.

use crate::{
    components::{ErrorMessage, Field, PlainForm},
    forms::Form,
    i18n,
    page_context::{PageContext, page_context},
    pages::server_page::{Layout, ServerPage},
    paths,
    server_fns::ResetPassword,
};
use domain::{error, invitation_links::SecretToken};
use leptos::prelude::*;

/// Chooses a new password by a link.
#[derive(Debug)]
pub struct PasswordResetPage {
    /// None: the link is no longer valid.
    pub token: Option<SecretToken>,
}

impl ServerPage for PasswordResetPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::admin::words(context.language).choose_password.to_owned()
    }

    fn layout(&self, _: &PageContext) -> Layout {
        Layout::Auth
    }

    fn view(&self) -> AnyView {
        page(self.token.clone())
    }
}

fn page(token: Option<SecretToken>) -> AnyView {
    let t = i18n::admin::words(page_context().language);
    let gate = i18n::auth::words(page_context().language);
    match token {
        Some(token) => {
            let token = token.as_str().to_owned();
            view! {
                <h2 class="auth-title">{t.choose_password}</h2>
                <PlainForm name=ResetPassword::NAME class="auth-form">
                    <ErrorMessage />
                    <input type="hidden" name="token" value=token />
                    <Field
                        field=error::Field::Password
                        name="password"
                        label=t.new_password
                        kind="password"
                        hint=gate.password_hint
                        autocomplete="new-password"
                    />
                    <button class="button">{t.choose_password}</button>
                </PlainForm>
            }
            .into_any()
        }
        None => view! {
            <div class="notice" role="alert">
                <h2 class="notice-title">{t.gone_title}</h2>
                <p class="preview-hint">{t.gone}</p>
            </div>
            <a class="quiet-link" href=paths::SIGN_IN>{gate.sign_in}</a>
        }
        .into_any(),
    }
}
