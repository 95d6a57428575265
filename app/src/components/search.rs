//! A search by name in a list on the same page.

use crate::{context::nonce, i18n, page_context::page_context};
use leptos::prelude::*;

/// Requests the same page anew. While the user types, public/people.js replaces the content of `#found`.
#[component]
pub fn Search(
    /// The page's own path.
    path: String,
    query: String,
    label: &'static str,
    hint: &'static str,
) -> impl IntoView {
    let find = i18n::users::words(page_context().language).find;
    view! {
        <search>
            <form class="search" method="get" action=path>
                <label class="visually-hidden" for="q">
                    {label}
                </label>
                <input
                    id="q"
                    name="q"
                    type="search"
                    value=query
                    placeholder=hint
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="80"
                />
                <button class="button button-second">{find}</button>
            </form>
        </search>
        <script type="module" src="/people.js" nonce=nonce()></script>
    }
}
