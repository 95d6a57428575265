//! The user's account: its settings, the devices on which it is signed in, and the ways to export or delete it.

use crate::{
    components::{ErrorMessage, PlainForm},
    forms::Form,
    i18n::{self, account::Account as Words, words},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::{EndDevice, EndOtherDevices},
};
use domain::{account::Account, sessions::Device};
use leptos::prelude::*;

/// The account page.
#[derive(Debug)]
pub struct AccountPage {
    pub account: Account,
    /// Whether the user is an administrator.
    pub administers: bool,
}

impl ServerPage for AccountPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::account::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        page(self.account.clone(), self.administers).into_any()
    }
}

fn page(account: Account, administers: bool) -> impl IntoView {
    let Account { email, email_is_shared, has_two_factor, devices } = account;
    let t = i18n::account::words(page_context().language);
    let name =
        page_context().viewer.as_ref().map(|viewer| viewer.name.to_string()).unwrap_or_default();
    let two_factor = if has_two_factor { t.on } else { t.off };
    let notices = i18n::notices::words(page_context().language);
    let kept = [
        (t.name, name, paths::PROFILES, t.change),
        (t.email, email.as_str().to_owned(), paths::ACCOUNT_EMAIL, t.change),
        (t.password, String::new(), paths::ACCOUNT_PASSWORD, t.change),
        (t.two_factor, two_factor.to_owned(), paths::ACCOUNT_TWO_STEP, t.manage),
        (notices.title, String::new(), paths::ACCOUNT_NOTICES, t.look),
    ];
    let kept = kept.map(|(what, value, path, verb)| setting_row(t, what, value, path, verb));
    let has_others = devices.iter().any(|device| !device.is_this);
    let rows = devices.into_iter().map(|device| row(t, device)).collect_view();
    let admin = i18n::admin::words(page_context().language);
    let admin = administers.then(|| {
        view! {
            <section class="page-section">
                <h2>{admin.title}</h2>
                <a class="button button-second" href=paths::ADMIN_USERS>{admin.title}</a>
            </section>
        }
        .into_any()
    });
    let shared = email_is_shared
        .then(|| view! { <p class="page-lead" role="status">{t.email_is_shared}</p> }.into_any());
    view! {
        {shared}
        <ul class="entries">{kept.collect_view()}</ul>
        <section class="page-section">
            <h2>{t.devices}</h2>
            <p class="page-hint">{t.devices_hint}</p>
            <ErrorMessage form=EndDevice::NAME />
            <ul class="entries">{rows}</ul>
            {has_others
                .then(|| {
                    view! {
                        <PlainForm name=EndOtherDevices::NAME>
                            <button class="button button-second">{t.sign_out_others}</button>
                        </PlainForm>
                    }
                        .into_any()
                })}
        </section>
        {admin}
        <section class="page-section">
            <h2>{t.data}</h2>
            <p class="page-hint">{t.data_hint}</p>
            <a class="button button-second" href=paths::ACCOUNT_EXPORT download>
                {t.download}
            </a>
        </section>
        <section class="page-section">
            <h2>{t.delete}</h2>
            <p class="page-hint">{t.delete_hint}</p>
            <a class="button button-danger" href=paths::ACCOUNT_DELETE>
                {t.to_delete}
            </a>
        </section>
    }
}

/// A setting of the account, and the link to change it.
fn setting_row(
    t: &'static Words,
    what: &'static str,
    value: String,
    path: &'static str,
    verb: &'static str,
) -> AnyView {
    view! {
        <li class="entry">
            <span class="entry-text">
                <span class="entry-name">{what}</span>
                {(!value.is_empty()).then(|| view! { <span class="entry-second">{value}</span> })}
            </span>
            <a class="button button-quiet entry-go" href=path aria-label=(t.change_of)(what, verb)>
                {verb}
            </a>
        </li>
    }
    .into_any()
}

fn row(t: &'static Words, device: Device) -> AnyView {
    let context = page_context();
    let name = match (device.browser(), device.system()) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => t.unknown_browser.to_owned(),
    };
    let label = (t.sign_out_of)(&name);
    let second = if device.is_this {
        t.this_device.to_owned()
    } else {
        (t.last_used)(&words().moment(&context.clock, device.last_used_at, context.now))
    };
    view! {
        <li class="entry">
            <span class="entry-text">
                <span class="entry-name">{name}</span>
                <span class="entry-second" class:entry-own=device.is_this>
                    {second}
                </span>
            </span>
            <PlainForm name=EndDevice::NAME>
                <input type="hidden" name="session" value=device.session.to_string() />
                <button class="button button-quiet" aria-label=label>
                    {t.sign_out_there}
                </button>
            </PlainForm>
        </li>
    }
    .into_any()
}
