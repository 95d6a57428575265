//! Wakes the page up in the browser, and nothing else.

// The types of a view grow with it, and those of the whole page meet here.
#![recursion_limit = "512"]

use leptos::prelude::document;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's own script once the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        leptos::logging::error!("{panic}");
        // After a panic nothing on the page reacts any more.
        app::show_broken();
    }));
    leptos::mount::hydrate_body(app::App);
    if let Some(page) = document().document_element() {
        // Only the end-to-end tests look for it; without it they would wait in vain and say so.
        let _ = page.set_attribute("data-hydrated", "");
    }
}
