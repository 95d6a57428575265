//! Nothing is at this address.

use crate::{i18n::words, titles};
use leptos::prelude::*;

/// The page of an address that no route has.
#[component]
pub fn NotFound() -> impl IntoView {
    let t = words();
    titles::call(t.not_found_title);
    view! { <Nothing sentence=t.not_found.to_owned() /> }
}

/// Says that there is nothing, why, and where to go.
#[component]
pub fn Nothing(sentence: String) -> impl IntoView {
    let t = words();
    view! {
        <div class="nothing">
            <h1 class="nothing-title">{t.not_found_title}</h1>
            <p>{sentence}</p>
            <a class="button" href="/">{t.to_home}</a>
        </div>
    }
}
