//! A sentence that comes and goes.

use leptos::prelude::*;

/// A paragraph while there is something to say, and nothing otherwise. Everything that varies on a
/// page is a `Signal` of a few types: each further type would be compiled into the WASM once more.
pub fn sentence(text: Signal<Option<String>>) -> impl IntoView {
    view! { {move || text.get().map(|text| view! { <p>{text}</p> }.into_any())} }
}
