//! Who can come into a room.

use crate::{forms::FormState, i18n::words};
use domain::rooms::Access;
use leptos::prelude::*;

/// Open or private, as two choices of which one is made.
#[component]
pub fn AccessChoice(
    state: FormState,
    /// What is chosen until something else has been.
    #[prop(optional)]
    initial: Access,
) -> impl IntoView {
    let t = words();
    let chosen = state.typed("access").and_then(|code| Access::from_code(&code));
    let chosen = chosen.unwrap_or(initial);
    let choices = [(Access::Open, t.access_open), (Access::Private, t.access_private)];
    view! {
        <fieldset class="access">
            <legend>{t.who_enters}</legend>
            {choices
                .map(|(access, label)| {
                    view! {
                        <label>
                            <input
                                type="radio"
                                name="access"
                                value=access.code()
                                checked=access == chosen
                            />
                            <span>{label}</span>
                        </label>
                    }
                    .into_any()
                })
                .collect_view()}
        </fieldset>
    }
}
