//! Forms: how they are sent, and what they say when they were refused.

use crate::{
    components::sentence::sentence,
    forms::{CLIENT_ID, DRAWN_FOR, FormState, within},
    page_context::page_context,
};
use leptos::prelude::*;

/// A form that the browser sends itself, scripts or not: what follows is a new document.
#[component]
pub fn PlainForm(
    /// Its `NAME`. What is in the form knows it by context.
    name: &'static str,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=format!("?/{name}") class=class novalidate>
            {drawn_for()}
            {within(name, children)}
        </form>
    }
}

/// Names the user that a form is drawn for. The server does nothing for another one who has signed in since, in
/// the same browser.
pub fn drawn_for() -> AnyView {
    hidden(DRAWN_FOR, page_context().viewer.as_ref().map(|viewer| viewer.id.to_string()))
}

/// What a form carries without showing it. A browser that restores forms leaves it as the page has it.
pub fn hidden(name: &'static str, value: Option<String>) -> AnyView {
    view! { <input type="hidden" name=name value=value autocomplete="off" /> }.into_any()
}

/// The id under which a form is sent, so that sending it twice is sending it once.
pub fn client_id() -> AnyView {
    hidden(CLIENT_ID, FormState::current().client_id())
}

/// What a form says that is not about one of its fields; outside of every form, what belongs to none.
#[component]
pub fn ErrorMessage(
    /// The form, where it stands outside.
    #[prop(optional)]
    form: Option<&'static str>,
) -> impl IntoView {
    let state = FormState::current_or(form);
    let said = Signal::derive(move || state.general());
    view! {
        <div class="form-problem" role="alert">
            {sentence(said)}
        </div>
    }
}
