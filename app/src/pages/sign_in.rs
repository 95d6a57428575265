//! Signing in.

use crate::{
    components::{Field, LanguageSwitch, Lattice, PlainForm, Problem},
    forms::FormState,
    i18n::words,
};
use domain::problem;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SignInPage() -> impl IntoView {
    let t = words();
    let state = FormState::plain("sign_in");
    view! {
        <Gate title=t.sign_in>
            <PlainForm name="sign_in" class="gate-form">
                <Problem state />
                <Next state />
                <Field
                    state
                    field=problem::Field::Email
                    name="email"
                    label=t.email
                    kind="email"
                    autocomplete="username"
                    inputmode="email"
                />
                <Field
                    state
                    field=problem::Field::Password
                    name="password"
                    label=t.password
                    kind="password"
                    autocomplete="current-password"
                />
                <button class="button">{t.sign_in}</button>
            </PlainForm>
            <p class="gate-other">
                {t.no_account} " " <OtherDoor state path="/sign-up" label=t.sign_up />
            </p>
        </Gate>
    }
}

/// The frame of sign-in and sign-up: what this house is, beside its lattice door.
#[component]
pub fn Gate(title: &'static str, children: Children) -> impl IntoView {
    let t = words();
    view! {
        <Title text=format!("{title} · {}", t.app_name) />
        <main class="gate" id="main" tabindex="-1">
            <div class="gate-art">
                <Lattice />
            </div>
            <div class="gate-side">
                <h1 class="gate-brand">{t.app_name}</h1>
                <p class="gate-tagline">{t.tagline}</p>
                {children()}
                <LanguageSwitch />
            </div>
        </main>
    }
}

/// Where the person was going, carried through the form.
#[component]
pub fn Next(state: FormState) -> impl IntoView {
    next_path(state).map(|next| view! { <input type="hidden" name="next" value=next /> }.into_any())
}

/// From sign-in to sign-up and back, with where the person was going.
#[component]
pub fn OtherDoor(state: FormState, path: &'static str, label: &'static str) -> impl IntoView {
    let href = match next_path(state) {
        Some(next) => format!("{path}?next={}", encoded(&next)),
        None => path.to_owned(),
    };
    view! { <a href=href rel="external">{label}</a> }
}

fn next_path(state: FormState) -> Option<String> {
    let asked = use_query_map().with_untracked(|query| query.get("next"));
    state.typed("next").or(asked).filter(|next| domain::sessions::safe_path(next) == next.as_str())
}

/// Percent-encodes what would end or split a query value.
fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
