//! Who can come into a room.

use crate::{forms::FormState, i18n::words};
use domain::rooms::Access;
use leptos::prelude::*;

/// Open or private, as two choices of which one is made. Nothing in it changes, so it is written as text:
/// each kind of element more would be compiled into the WASM.
#[component]
pub fn AccessChoice(
    /// What is chosen until something else has been.
    #[prop(optional)]
    initial: Access,
) -> impl IntoView {
    let t = words();
    let chosen = FormState::current().typed("access").and_then(|code| Access::from_code(&code));
    let chosen = chosen.unwrap_or(initial);
    let choice = |access: Access, label: &'static str| {
        let (code, checked) = (access.code(), if access == chosen { "checked" } else { "" });
        format!(
            "<label><input type=\"radio\" name=\"access\" value=\"{code}\" {checked}>{label}</label>"
        )
    };
    let open = choice(Access::Open, t.access_open);
    let private = choice(Access::Private, t.access_private);
    let inside = format!("<legend>{}</legend>{open}{private}", t.who_enters);
    view! { <fieldset class="access" inner_html=inside></fieldset> }
}
