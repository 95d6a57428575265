//! The second step of a sign-in, where it is set up and given up.

use crate::{
    components::{ErrorMessage, Field, PlainForm, Qr},
    forms::Form,
    i18n::{self, second_step::TwoFactor as Words},
    page_context::{PageContext, page_context},
    pages::account_forms::PresentPassword,
    pages::server_page::{BackLink, Layout, ServerPage},
    server_fns::{BeginSecondStep, ConfirmSecondStep, EndSecondStep},
};
use domain::{
    problem,
    second_step::{Setup, TwoFactor},
};
use leptos::prelude::*;

/// The second step of the account: off, being set up, or on.
#[derive(Debug)]
pub struct SecondStepPage(pub TwoFactor);

impl ServerPage for SecondStepPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::account::words(context.language).second_step.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::account(context))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(step: TwoFactor) -> impl IntoView {
    let t = i18n::second_step::words(page_context().language);
    match step {
        TwoFactor::Off => off(t),
        TwoFactor::Pending(setup) => pending(t, setup),
        TwoFactor::On { codes_left } => on(t, codes_left),
    }
}

fn off(t: &'static Words) -> AnyView {
    view! {
        <section class="plain-section">
            <p class="plain-lead">{t.hint}</p>
            <PlainForm name=BeginSecondStep::NAME class="plain-form">
                <ErrorMessage />
                <PresentPassword />
                <button class="button">{t.begin}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}

/// Everything that is to be done stands on one page, in its order: nothing of it is shown again.
fn pending(t: &'static Words, setup: Setup) -> AnyView {
    let Setup { secret, link, recovery_codes } = setup;
    let codes = recovery_codes.into_iter().map(|code| view! { <li>{code}</li> }.into_any());
    view! {
        <ol class="steps">
            <li class="plain-section">
                <h2>{t.scan}</h2>
                <p class="plain-hint">{t.scan_hint}</p>
                <Qr text=link label=t.qr />
                <p class="plain-hint">{t.type_in}</p>
                <p class="secret">{secret}</p>
            </li>
            <li class="plain-section">
                <h2>{t.keep}</h2>
                <p class="plain-hint">{t.keep_hint}</p>
                <ul class="recovery-codes">{codes.collect_view()}</ul>
            </li>
            <li class="plain-section">
                <h2>{t.confirm}</h2>
                <p class="plain-hint">{t.confirm_hint}</p>
                <PlainForm name=ConfirmSecondStep::NAME class="plain-form">
                    <ErrorMessage />
                    <Field
                        field=problem::Field::Code
                        name="code"
                        label=t.code
                        autocomplete="one-time-code"
                        inputmode="numeric"
                        said=t.fault
                    />
                    <button class="button">{t.turn_on}</button>
                </PlainForm>
                <ErrorMessage form=EndSecondStep::NAME />
                <div class="side-by-side">
                    <PlainForm name=EndSecondStep::NAME>
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
        <section class="plain-section">
            <p class="entry-own">{t.is_on}</p>
            <p class="plain-hint">{(t.codes_left)(codes_left)}</p>
        </section>
        <section class="plain-section">
            <h2>{t.turn_off}</h2>
            <p class="plain-hint">{t.turn_off_hint}</p>
            <PlainForm name=EndSecondStep::NAME class="plain-form">
                <ErrorMessage />
                <PresentPassword />
                <button class="button button-danger">{t.turn_off}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}
