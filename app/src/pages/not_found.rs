//! The not-found page.

use crate::{i18n::words, titles};
use leptos::prelude::*;

/// The page of an address without a route.
#[component]
pub fn NotFound() -> impl IntoView {
    let t = words();
    titles::set_title(t.not_found_title);
    view! { <Nothing sentence=t.not_found.to_owned() /> }
}

/// Says that nothing is here, why, and where to go.
#[component]
pub fn Nothing(sentence: String) -> impl IntoView {
    let t = words();
    view! {
        <div class="empty-page">
            <h1 class="empty-page-title">{t.not_found_title}</h1>
            <p>{sentence}</p>
            <a class="button" href="/">{t.to_home}</a>
        </div>
    }
}
