//! HTML that the server keeps: of items of lists, which are the same on many pages and for many readers.

use crate::components::{html_key::HtmlKey, list::KeyedView};
use leptos::{
    prelude::{AnyView, IntoAny, RenderHtml, use_context},
    tachys::{html::InertElement, view::Position},
};
use quick_cache::{Weighter, sync::Cache};
use std::{fmt, sync::Arc};

#[cfg(test)]
mod tests;

/// The most bytes that are kept, of HTML and of the keys that stand for it.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// What an item takes beside its text and its HTML.
const BYTES_PER_ITEM: u64 = 400;
/// How many items there will be, as a guess: a row of a message takes about so much.
const GUESSED_ITEMS: usize = 4_000;

/// As much as a list of fifty short messages takes.
const LIST_BYTES: usize = 24 * 1024;

/// The HTML of items by everything that it depends on. Cheap to clone.
#[derive(Clone)]
pub struct StoredHtml(Arc<Cache<HtmlKey, Arc<str>, Bytes>>);

#[derive(Clone)]
struct Bytes;

impl Weighter<HtmlKey, Arc<str>> for Bytes {
    /// The key's text is a part of the HTML.
    fn weight(&self, _: &HtmlKey, html: &Arc<str>) -> u64 {
        BYTES_PER_ITEM + 2 * u64::try_from(html.len()).unwrap_or(u64::MAX / 4)
    }
}

impl Default for StoredHtml {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(GUESSED_ITEMS, MAX_BYTES, Bytes)))
    }
}

impl StoredHtml {
    /// How many items are kept.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Debug for StoredHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredHtml").field("items", &self.count()).finish_non_exhaustive()
    }
}

/// Writes a list as `For` does, whose end the browser looks for: the items, and a marker. None where no HTML is
/// kept.
pub(super) fn write_list(items: &impl Fn() -> Vec<KeyedView>) -> Option<AnyView> {
    let stored = use_context::<StoredHtml>()?;
    let mut html = String::with_capacity(LIST_BYTES);
    for (html_key, draw) in items().into_iter().map(KeyedView::into_parts) {
        match html_key.0 {
            Some(key) => write_stored(&stored, key, draw, &mut html),
            None => write(draw, &mut html),
        }
    }
    html.push_str("<!>");
    Some(InertElement::new(html).into_any())
}

/// Writes an element from what is kept; draws it where nothing is.
pub(super) fn write_element(key: HtmlKey, draw: impl FnOnce() -> AnyView) -> AnyView {
    let Some(stored) = use_context::<StoredHtml>() else { return draw() };
    let mut html = String::new();
    write_stored(&stored, key, draw, &mut html);
    InertElement::new(html).into_any()
}

fn write_stored(
    StoredHtml(stored): &StoredHtml,
    key: HtmlKey,
    draw: impl FnOnce() -> AnyView,
    html: &mut String,
) {
    if let Some(known) = stored.get(&key) {
        return html.push_str(&known);
    }
    let begin = html.len();
    write(draw, html);
    stored.insert(key, html.get(begin..).unwrap_or_default().into());
}

/// An item is one element: it reads the same whatever stands before it.
fn write(draw: impl FnOnce() -> AnyView, html: &mut String) {
    draw().to_html_with_buf(html, &mut Position::NextChild, true, false, Vec::new());
}
