//! Forms: how they are sent, and what they say when they were refused.

use crate::{
    forms::{Failure, FormState, Landing},
    i18n::words,
};
use leptos::{ev::SubmitEvent, form::FromFormData, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

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

/// A form that a script sends once there are scripts, going on to where it leads without a new
/// document.
#[component]
pub fn ScriptedForm<S>(
    /// The name of its server function.
    name: &'static str,
    action: ServerAction<S>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView
where
    S: ServerFn<Output = Landing, Error = Failure> + Send + Sync + Clone + DeserializeOwned + 'static,
{
    let navigate = use_navigate();
    Effect::new(move |_| {
        if let Some(Ok(Landing { path: Some(path) })) = action.value().get() {
            navigate(&path, NavigateOptions::default());
        }
    });
    let submit = move |event: SubmitEvent| {
        // Fields that the function does not know are left to the server to explain.
        if let Ok(input) = S::from_event(&event) {
            event.prevent_default();
            if !action.pending().get_untracked() {
                action.dispatch(input);
            }
        }
    };
    view! {
        <form
            method="post"
            action=format!("?/{name}")
            class=class
            on:submit=submit
            aria-busy=move || action.pending().get().to_string()
            novalidate
        >
            {children()}
        </form>
    }
}

/// What a form says that is not about one of its fields.
#[component]
pub fn Problem(state: FormState) -> impl IntoView {
    let sentence = move || state.general().map(|problem| (words().problem)(&problem));
    view! {
        <div class="form-problem" role="alert">
            {move || sentence().map(|sentence| view! { <p>{sentence}</p> })}
        </div>
    }
}
