//! Before there is an account: making the first one by a link, and what readers without the link see until
//! then.

use crate::{
    components::{ErrorMessage, PlainForm},
    forms::Form,
    i18n,
    page_context::{PageContext, page_context},
    pages::{
        account_fields::{AccountFields, NameField},
        server_page::{Layout, ServerPage},
    },
    paths,
    server_fns::SignUp,
};
use domain::invitation_links::SecretToken;
use leptos::prelude::*;

/// Makes the first account by a link.
#[derive(Debug)]
pub struct SetupPage {
    /// None: the link is no longer valid.
    pub token: Option<SecretToken>,
}

impl ServerPage for SetupPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::setup::words(context.language).title.to_owned()
    }

    fn layout(&self, _: &PageContext) -> Layout {
        Layout::Auth
    }

    fn view(&self) -> AnyView {
        page(self.token.clone())
    }
}

fn page(token: Option<SecretToken>) -> AnyView {
    let t = i18n::setup::words(page_context().language);
    let auth = i18n::auth::words(page_context().language);
    match token {
        Some(token) => form(token).into_any(),
        None => view! {
            {notice(t.gone_title, [t.gone])}
            <a class="quiet-link" href=paths::SIGN_IN>{auth.sign_in}</a>
        }
        .into_any(),
    }
}

/// Takes the place of sign-in and sign-up until there is an account.
#[derive(Debug)]
pub struct NotSetUpPage;

impl ServerPage for NotSetUpPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::setup::words(context.language).not_yet_title.to_owned()
    }

    fn layout(&self, _: &PageContext) -> Layout {
        Layout::Auth
    }

    fn view(&self) -> AnyView {
        not_set_up().into_any()
    }
}

fn not_set_up() -> impl IntoView {
    let t = i18n::setup::words(page_context().language);
    notice(t.not_yet_title, [t.not_yet, t.not_yet_hint])
}

fn notice<const N: usize>(title: &'static str, sentences: [&'static str; N]) -> impl IntoView {
    let sentences = sentences.map(|it| view! { <p class="preview-hint">{it}</p> }.into_any());
    view! {
        <div class="notice" role="status">
            <h2 class="notice-title">{title}</h2>
            {sentences.into_iter().collect_view()}
        </div>
    }
}

fn form(token: SecretToken) -> impl IntoView {
    let t = i18n::setup::words(page_context().language);
    view! {
        <h2 class="auth-title">{t.title}</h2>
        <p class="preview-hint">{t.hint}</p>
        <PlainForm name=SignUp::NAME class="auth-form">
            <ErrorMessage />
            <input type="hidden" name="setup" value=token.as_str().to_owned() />
            <AccountFields name=NameField::First />
            <button class="button">{t.make}</button>
        </PlainForm>
    }
}
