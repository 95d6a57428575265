//! Nothing is at this address.

use crate::{context::set_status, i18n::words};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page of an address that no route has.
#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    view! {
        <main id="main" class="alone" tabindex="-1">
            <Nothing sentence=words().not_found.to_owned() />
        </main>
    }
}

/// Says that there is nothing, why, and where to go.
#[component]
pub fn Nothing(sentence: String) -> impl IntoView {
    let t = words();
    view! {
        <Title text=t.not_found_title />
        <div class="nothing">
            <h1 class="nothing-title">{t.not_found_title}</h1>
            <p>{sentence}</p>
            <a class="button" href="/">{t.to_home}</a>
        </div>
    }
}
