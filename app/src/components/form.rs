//! Forms: how they are sent, and what they say when they were refused.

use crate::{
    components::sentence::sentence,
    forms::{DRAWN_FOR, FormState},
    i18n::words,
    visit::visit,
};
use leptos::prelude::*;

/// A form that the browser sends itself, scripts or not: what follows is a new document.
#[component]
pub fn PlainForm(
    /// The name of its server function.
    name: &'static str,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=format!("?/{name}") class=class novalidate>
            {drawn_for()}
            {children()}
        </form>
    }
}

/// Names the user that a form is drawn for. The server does nothing for another one who has signed in since, in
/// the same browser.
pub fn drawn_for() -> AnyView {
    hidden(DRAWN_FOR, visit().viewer.as_ref().map(|viewer| viewer.id.to_string()))
}

/// What a form carries without showing it. A browser that restores forms leaves it as the page has it.
pub fn hidden(name: &'static str, value: Option<String>) -> AnyView {
    view! { <input type="hidden" name=name value=value autocomplete="off" /> }.into_any()
}

/// What a form says that is not about one of its fields.
#[component]
pub fn Problem(state: FormState) -> impl IntoView {
    let said = Signal::derive(move || state.general().map(|problem| (words().problem)(&problem)));
    view! {
        <div class="form-problem" role="alert">
            {sentence(said)}
        </div>
    }
}
