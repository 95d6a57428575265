//! Forms: how they are sent, and what they say when they were refused.

use crate::{components::sentence::sentence, forms::FormState, i18n::words};
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
            {children()}
        </form>
    }
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
