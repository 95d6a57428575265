//! Becoming a person of this house.

use crate::{
    components::{PlainForm, Problem},
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
use domain::house::SignUpMode;
use leptos::prelude::*;

/// Signs up.
#[derive(Debug)]
pub struct SignUpPage {
    /// Where the user is going.
    pub next: Option<String>,
    pub mode: SignUpMode,
}

impl ServerPage for SignUpPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::gate::words(context.language).sign_up.to_owned()
    }

    fn layout(&self, _: &PageContext) -> Layout {
        Layout::Auth
    }

    fn view(&self) -> AnyView {
        page(self.next.clone(), self.mode).into_any()
    }
}

fn page(going_to: Option<String>, mode: SignUpMode) -> impl IntoView {
    let t = i18n::gate::words(page_context().language);
    let state = FormState::of(SignUp::NAME);
    let next = next_path(state, going_to);
    let carried = next.clone();
    let house = i18n::house::words(page_context().language);
    let refused = match mode {
        SignUpMode::Open => None,
        SignUpMode::Invitation => Some(house.by_invitation),
        SignUpMode::Closed => Some(house.closed),
    };
    let form = match refused {
        Some(said) => view! { <p class="gate-closed" role="status">{said}</p> }.into_any(),
        None => view! {
            <PlainForm name=SignUp::NAME class="gate-form">
                <Problem />
                <NextField path=carried />
                <AccountFields name=NameField::First />
                <button class="button">{t.sign_up}</button>
            </PlainForm>
        }
        .into_any(),
    };
    view! {
        {form}
        <p class="gate-other">
            {t.have_account} " " <AuthSwitchLink path=paths::SIGN_IN next label=t.sign_in />
        </p>
    }
}
