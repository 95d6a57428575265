//! Setting up and switching off the second factor.

use crate::{
    components::{ErrorMessage, Field, PlainForm, Qr},
    forms::Form,
    i18n::{self, two_factor::TwoFactor as Words},
    page_context::{PageContext, page_context},
    pages::account_forms::PresentPassword,
    pages::server_page::{BackLink, Layout, ServerPage},
    server_fns::{BeginTwoFactor, ConfirmTwoFactor, EndTwoFactor},
};
use domain::{
    error,
    two_factor::{TotpEnrollment, TwoFactor},
};
use leptos::prelude::*;

/// The second factor of the account: off, being set up, or on.
#[derive(Debug)]
pub struct TwoFactorPage(pub TwoFactor);

impl ServerPage for TwoFactorPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::account::words(context.language).two_factor.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::account(context))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(step: TwoFactor) -> impl IntoView {
    let t = i18n::two_factor::words(page_context().language);
    match step {
        TwoFactor::Off => off(t),
        TwoFactor::Pending(setup) => pending(t, setup),
        TwoFactor::On { codes_left } => on(t, codes_left),
    }
}

fn off(t: &'static Words) -> AnyView {
    view! {
        <section class="page-section">
            <p class="page-lead">{t.hint}</p>
            <PlainForm name=BeginTwoFactor::NAME class="page-form">
                <ErrorMessage />
                <PresentPassword />
                <button class="button">{t.begin}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}

/// All steps are on one page, in their order: nothing of it is shown again.
fn pending(t: &'static Words, setup: TotpEnrollment) -> AnyView {
    let TotpEnrollment { secret, link, recovery_codes } = setup;
    let codes = recovery_codes.into_iter().map(|code| view! { <li>{code}</li> }.into_any());
    view! {
        <ol class="steps">
            <li class="page-section">
                <h2>{t.scan}</h2>
                <p class="page-hint">{t.scan_hint}</p>
                <Qr text=link label=t.qr />
                <p class="page-hint">{t.type_in}</p>
                <p class="secret">{secret}</p>
            </li>
            <li class="page-section">
                <h2>{t.keep}</h2>
                <p class="page-hint">{t.keep_hint}</p>
                <ul class="recovery-codes">{codes.collect_view()}</ul>
            </li>
            <li class="page-section">
                <h2>{t.confirm}</h2>
                <p class="page-hint">{t.confirm_hint}</p>
                <PlainForm name=ConfirmTwoFactor::NAME class="page-form">
                    <ErrorMessage />
                    <Field
                        field=error::Field::Code
                        name="code"
                        label=t.code
                        autocomplete="one-time-code"
                        inputmode="numeric"
                    />
                    <button class="button">{t.turn_on}</button>
                </PlainForm>
                <ErrorMessage form=EndTwoFactor::NAME />
                <div class="side-by-side">
                    <PlainForm name=EndTwoFactor::NAME>
                        <button class="button button-quiet">{t.stop}</button>
                    </PlainForm>
                </div>
            </li>
        </ol>
    }
    .into_any()
}

fn on(t: &'static Words, codes_left: u64) -> AnyView {
    view! {
        <section class="page-section">
            <p class="entry-own">{t.is_on}</p>
            <p class="page-hint">{(t.codes_left)(codes_left)}</p>
        </section>
        <section class="page-section">
            <h2>{t.turn_off}</h2>
            <p class="page-hint">{t.turn_off_hint}</p>
            <PlainForm name=EndTwoFactor::NAME class="page-form">
                <ErrorMessage />
                <PresentPassword />
                <button class="button button-danger">{t.turn_off}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}
