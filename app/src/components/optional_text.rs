//! A sentence that is shown at times.

use crate::components::list::redrawn;
use leptos::prelude::*;

/// A paragraph while there is a text, and nothing otherwise. Everything that varies on a page is a `Signal` of
/// a few types: each further type would be compiled into the WASM once more.
pub fn optional_text(text: Signal<Option<String>>) -> AnyView {
    let paragraph = |text| view! { <p>{text}</p> }.into_any();
    redrawn(move || text.get().map_or_else(|| ().into_any(), paragraph))
}
