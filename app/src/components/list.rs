//! Lists that change under the reader's eyes.

use leptos::prelude::*;

/// One item of a list: drawn anew when its key changes, and left alone as long as it does not.
pub struct Item {
    key: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Item {
    pub fn new(key: String, draw: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, draw: Box::new(draw) }
    }
}

/// Draws the items. All lists go through this one type: `For` is compiled into the WASM anew for
/// every type of item.
pub fn list(items: impl Fn() -> Vec<Item> + Send + 'static) -> AnyView {
    let items: Box<dyn Fn() -> Vec<Item> + Send> = Box::new(items);
    view! { <For each=items key=|item: &Item| item.key.clone() children=|item: Item| (item.draw)() /> }
        .into_any()
}
