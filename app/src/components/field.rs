//! A labelled input that shows its error beside it.

use crate::forms::FormState;
use domain::error;
use leptos::prelude::*;

#[component]
pub fn Field(
    field: error::Field,
    /// The name under which the value is posted.
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    /// The initial value, unless something was typed before.
    #[prop(optional)]
    initial: Option<String>,
    /// The value of the `autocomplete` attribute.
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] maxlength: Option<u32>,
) -> impl IntoView {
    let state = FormState::current();
    let error_id = format!("{name}-error");
    let hint_id = format!("{name}-hint");
    // An error comes with the page and leaves with it.
    let error = untrack(|| state.error(field));
    let described = match (&error, hint) {
        (Some(_), _) => Some(error_id.clone()),
        (None, Some(_)) => Some(hint_id.clone()),
        (None, None) => None,
    };
    let refused = error.is_some();
    let invalid = refused.then_some("true");
    view! {
        <div class="field" class:field-refused=refused>
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                value=state.typed(name).or(initial)
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                inputmode=inputmode
                maxlength=maxlength.map(|most| most.to_string())
                aria-invalid=invalid
                aria-describedby=described
            />
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> }.into_any())}
            <p class="field-error" id=error_id aria-live="polite">{error}</p>
        </div>
    }
}
