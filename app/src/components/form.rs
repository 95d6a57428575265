//! Forms: how they are sent, and what they say when they were refused.

use crate::{
    components::sentence::sentence,
    effect::effect,
    forms::{FormState, Landing, Send},
    i18n::words,
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;

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

/// A form of one field that a script sends once there are scripts, going on to where it leads
/// without a new document.
#[component]
pub fn ScriptedForm(
    /// The name of its server function.
    name: &'static str,
    /// The name of its field.
    field: &'static str,
    /// Calls the server function with what is in the field.
    action: Send,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    effect(move || {
        if let Some(Ok(Landing { path: Some(path) })) = action.value().get() {
            navigate(&path, NavigateOptions::default());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into().ok());
        let data = form.and_then(|form| web_sys::FormData::new_with_form(&form).ok());
        let typed = data.and_then(|data| data.get(field).as_string()).unwrap_or_default();
        if !action.pending().get_untracked() {
            action.dispatch(typed);
        }
    };
    view! {
        <form method="post" action=format!("?/{name}") on:submit=submit novalidate>
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
