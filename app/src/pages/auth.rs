//! What stands around sign-in and sign-up, and what their forms share.

use crate::{
    components::{DoorIllustration, ErrorMessage, LanguageSwitch},
    forms::FormState,
    i18n::{self, words},
    page_context::page_context,
    paths,
};
use leptos::prelude::*;

/// What stands before strangers: the door, whose instance it is, and the way in.
#[component]
pub fn AuthLayout(children: Children) -> impl IntoView {
    let t = words();
    view! {
        <main class="auth" id="main" tabindex="-1">
            <div class="auth-art">
                <DoorIllustration />
            </div>
            <div class="auth-side">
                <h1 class="auth-brand">{t.app_name}</h1>
                <p class="auth-tagline">{i18n::auth::words(page_context().language).tagline}</p>
                <ErrorMessage />
                {children()}
                <LanguageSwitch />
            </div>
        </main>
    }
}

/// Where the stranger was going, as the form that was refused or the address has it: a path of this
/// site, or nothing.
#[must_use]
pub fn next_path(state: FormState, going_to: Option<String>) -> Option<String> {
    let next = state.typed("next").or(going_to);
    next.filter(|next| domain::sessions::safe_path(next) == next.as_str())
}

/// Carries on through the form where the stranger was going.
#[component]
pub fn NextField(path: Option<String>) -> impl IntoView {
    path.map(|path| view! { <input type="hidden" name="next" value=path /> }.into_any())
}

/// From sign-in to sign-up and back, with where the stranger was going.
#[component]
pub fn AuthSwitchLink(
    path: &'static str,
    next: Option<String>,
    label: &'static str,
) -> impl IntoView {
    let href = paths::with_next(path, next.as_deref().unwrap_or(paths::HOME));
    view! { <a href=href>{label}</a> }
}
