//! The layout of sign-in and sign-up, and what their forms share.

use crate::{
    components::{DoorIllustration, ErrorMessage, LanguageSwitch},
    forms::FormState,
    i18n::{self, words},
    page_context::page_context,
    paths,
};
use leptos::prelude::*;

/// The layout for signed-out readers: the illustration, the instance's name, and the form.
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

/// The path to continue at after signing in, from the refused form or from the address: a path of this site, or
/// nothing.
#[must_use]
pub fn next_path(state: FormState, going_to: Option<String>) -> Option<String> {
    let next = state.typed("next").or(going_to);
    next.filter(|next| domain::sessions::safe_path(next) == next.as_str())
}

/// Passes that path on through the form.
#[component]
pub fn NextField(path: Option<String>) -> impl IntoView {
    path.map(|path| view! { <input type="hidden" name="next" value=path /> }.into_any())
}

/// The link between sign-in and sign-up, with the path to continue at.
#[component]
pub fn AuthSwitchLink(
    path: &'static str,
    next: Option<String>,
    label: &'static str,
) -> impl IntoView {
    let href = paths::with_next(path, next.as_deref().unwrap_or(paths::HOME));
    view! { <a href=href>{label}</a> }
}
