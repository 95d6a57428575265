//! Forms: how they are posted, and how their errors are shown.

use crate::{
    components::optional_text::optional_text,
    forms::{CLIENT_ID, DRAWN_FOR, FormState, within},
    page_context::page_context,
};
use leptos::prelude::*;

/// A form that the browser posts itself, with scripts or without: the response is a new document.
#[component]
pub fn PlainForm(
    /// Its `NAME`. Components in the form get it by context.
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

/// Names the user for whom a form is rendered. The server does not process it for another user who has signed
/// in since in the same browser.
pub fn drawn_for() -> AnyView {
    hidden(DRAWN_FOR, page_context().viewer.as_ref().map(|viewer| viewer.id.to_string()))
}

/// A hidden field. A browser that restores forms leaves it as the page has it.
pub fn hidden(name: &'static str, value: Option<String>) -> AnyView {
    view! { <input type="hidden" name=name value=value autocomplete="off" /> }.into_any()
}

/// The id under which a form is posted, so that a repeated post has no further effect.
pub fn client_id() -> AnyView {
    hidden(CLIENT_ID, FormState::current().client_id())
}

/// A form's error that belongs to none of its fields; outside of every form, the error of an unknown form.
#[component]
pub fn ErrorMessage(
    /// The name of the form, where this is outside of it.
    #[prop(optional)]
    form: Option<&'static str>,
) -> impl IntoView {
    let state = FormState::current_or(form);
    let said = Signal::derive(move || state.general());
    view! {
        <div class="form-problem" role="alert">
            {optional_text(said)}
        </div>
    }
}
