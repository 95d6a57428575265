//! The administrator's pages: their sections, and the one for choosing who may sign up.

use crate::{
    components::{ErrorMessage, PlainForm},
    forms::Form,
    i18n::{self, admin::Admin},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::SetRegistration,
};
use domain::admin::RegistrationMode;
use leptos::prelude::*;

/// Chooses who may sign up.
#[derive(Debug)]
pub struct RegistrationPage(pub RegistrationMode);

impl ServerPage for RegistrationPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::admin::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        let t = i18n::admin::words(page_context().language);
        view! {
            {sections(paths::ADMIN_SIGN_UP)}
            {registration_form(t, self.0)}
        }
        .into_any()
    }
}

/// The navigation between the sections; `here` is the path of the current one.
pub(super) fn sections(here: &'static str) -> AnyView {
    let t = i18n::admin::words(page_context().language);
    let section = |(path, label): (&'static str, &'static str)| {
        let current = (path == here).then_some("page");
        view! { <a href=path aria-current=current>{label}</a> }.into_any()
    };
    let all = [
        (paths::ADMIN_USERS, t.users),
        (paths::ADMIN_ROOMS, t.rooms),
        (paths::ADMIN_SIGN_UP, t.sign_up),
        (paths::ADMIN_LOG, t.log),
    ];
    view! {
        <nav class="sections" aria-label=t.sections>
            {all.map(section).collect_view()}
        </nav>
    }
    .into_any()
}

fn registration_form(t: &'static Admin, chosen: RegistrationMode) -> AnyView {
    let choice = move |mode: RegistrationMode| {
        let (label, hint) = (t.mode)(mode);
        view! {
            <label class="choice-row">
                <input type="radio" name="mode" value=mode.code() checked=mode == chosen />
                <span>
                    <span class="entry-name">{label}</span>
                    <span class="entry-second">{hint}</span>
                </span>
            </label>
        }
        .into_any()
    };
    view! {
        <section class="page-section">
            <h2>{t.sign_up}</h2>
            <p class="page-hint">{t.sign_up_hint}</p>
            <ErrorMessage form=SetRegistration::NAME />
            <PlainForm name=SetRegistration::NAME>
                <fieldset class="choice-rows">
                    <legend class="visually-hidden">{t.sign_up}</legend>
                    {RegistrationMode::ALL.map(choice).collect_view()}
                </fieldset>
                <button class="button">{t.save}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}
