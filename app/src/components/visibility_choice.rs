//! Who can join a room.

use crate::{forms::FormState, i18n::words};
use domain::rooms::Visibility;
use leptos::prelude::*;

/// Open or private, as radio buttons. Nothing in it changes, so it is written as text: each kind of element
/// more would be compiled into the WASM.
#[component]
pub fn VisibilityChoice(
    /// The initial choice, unless another was submitted before.
    #[prop(optional)]
    initial: Visibility,
) -> impl IntoView {
    let t = words();
    let chosen =
        FormState::current().typed("visibility").and_then(|code| Visibility::from_code(&code));
    let chosen = chosen.unwrap_or(initial);
    let choice = |visibility: Visibility, label: &'static str| {
        let (code, checked) =
            (visibility.code(), if visibility == chosen { "checked" } else { "" });
        format!(
            "<label><input type=\"radio\" name=\"visibility\" value=\"{code}\" {checked}>{label}</label>"
        )
    };
    let open = choice(Visibility::Open, t.access_open);
    let private = choice(Visibility::Private, t.access_private);
    let inside = format!("<legend>{}</legend>{open}{private}", t.who_enters);
    view! { <fieldset class="visibility" inner_html=inside></fieldset> }
}
