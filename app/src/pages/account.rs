//! One's own account: the devices on which one is signed in.

use crate::{
    components::{PlainForm, Problem},
    forms::FormState,
    i18n::{self, account::Account, words},
    visit::visit,
};
use domain::sessions::Device;
use leptos::prelude::*;

#[component]
pub fn AccountPage(devices: Vec<Device>, administers: bool) -> impl IntoView {
    let t = i18n::account::words(visit().language);
    let has_others = devices.iter().any(|device| !device.is_this);
    let rows = devices.into_iter().map(|device| row(t, device)).collect_view();
    let house = i18n::house::words(visit().language);
    let house = administers.then(|| {
        view! {
            <section class="plain-section">
                <h2>{house.title}</h2>
                <a class="button button-second" href="/admin/people">{house.title}</a>
            </section>
        }
        .into_any()
    });
    view! {
        <section class="plain-section">
            <h2>{t.devices}</h2>
            <p class="plain-hint">{t.devices_hint}</p>
            <Problem state=FormState::of("end_device") />
            <ul class="entries">{rows}</ul>
            {has_others
                .then(|| {
                    view! {
                        <PlainForm name="end_other_devices">
                            <button class="button button-second">{t.sign_out_others}</button>
                        </PlainForm>
                    }
                        .into_any()
                })}
        </section>
        {house}
    }
}

fn row(t: &'static Account, device: Device) -> AnyView {
    let visit = visit();
    let name = match (device.browser(), device.system()) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => t.unknown_browser.to_owned(),
    };
    let label = (t.sign_out_of)(&name);
    let second = if device.is_this {
        t.this_device.to_owned()
    } else {
        (t.last_used)(&words().moment(&visit.clock, device.last_used_at, visit.now))
    };
    view! {
        <li class="entry">
            <span class="entry-text">
                <span class="entry-name">{name}</span>
                <span class="entry-second" class:entry-own=device.is_this>
                    {second}
                </span>
            </span>
            <PlainForm name="end_device">
                <input type="hidden" name="session" value=device.session.to_string() />
                <button class="button button-quiet" aria-label=label>
                    {t.sign_out_there}
                </button>
            </PlainForm>
        </li>
    }
    .into_any()
}
