//! Lists that change while they are shown.

use crate::{
    components::html_key::HtmlKey,
    context::{OnServer, written_list},
};
use domain::message_list::ItemId;
use leptos::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// One item of a list: drawn when its key appears, and left alone as long as it stays. It is one element.
pub struct KeyedView {
    key: ItemId,
    html_key: OnServer<Option<HtmlKey>>,
    draw: Draw,
}

type Draw = Box<dyn FnOnce() -> AnyView + Send>;

impl KeyedView {
    pub fn new(key: ItemId, draw: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, html_key: OnServer::new(|| None), draw: Box::new(draw) }
    }

    /// An item whose HTML the server keeps.
    pub fn stored(
        key: ItemId,
        html_key: OnServer<HtmlKey>,
        draw: impl FnOnce() -> AnyView + Send + 'static,
    ) -> Self {
        Self { key, html_key: html_key.map(Some), draw: Box::new(draw) }
    }

    /// What its HTML is kept by, if it is, and how it is drawn.
    pub(crate) fn into_parts(self) -> (OnServer<Option<HtmlKey>>, Draw) {
        (self.html_key, self.draw)
    }
}

/// Draws the items.
pub fn list(items: impl Fn() -> Vec<KeyedView> + Send + 'static) -> AnyView {
    written_list(&items).unwrap_or_else(|| live_list(items))
}

/// All lists go through this one type: `For` is compiled into the WASM anew for every type of item.
pub(crate) fn live_list(items: impl Fn() -> Vec<KeyedView> + Send + 'static) -> AnyView {
    let items: Box<dyn Fn() -> Vec<KeyedView> + Send> = Box::new(items);
    view! { <For each=items key=|item: &KeyedView| item.key children=|item: KeyedView| (item.into_parts().1)() /> }
        .into_any()
}

/// Renders something in place again whenever what it reads changes: what is the same stays untouched in the
/// document, and with it selection and focus. All callers use this one type, as with lists.
pub fn redrawn(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let draw: Box<dyn Fn() -> AnyView + Send> = Box::new(draw);
    (move || draw()).into_any()
}

/// What an item shows, with a trigger for changes. It is not a signal, of which each type is compiled anew.
#[derive(Debug)]
pub struct Content<T> {
    value: Mutex<T>,
    changed: ArcTrigger,
}

impl<T: Clone> Content<T> {
    pub fn new(value: T) -> Arc<Self> {
        Arc::new(Self { value: Mutex::new(value), changed: ArcTrigger::new() })
    }

    /// The value. Views that read it are rendered again when it changes.
    pub fn get(&self) -> T {
        self.changed.track();
        self.get_untracked()
    }

    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }

    pub fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn set(&self, value: T) {
        *self.value.lock().unwrap_or_else(PoisonError::into_inner) = value;
        self.changed.notify();
    }
}

/// An item that keeps its identity while its content changes.
pub type Keyed<T> = (ItemId, Arc<Content<T>>);

/// The items as they are now: those that were there before are kept, and rendered again only if their content
/// has changed.
pub fn reconcile<T: Clone + PartialEq>(known: &[Keyed<T>], now: Vec<(ItemId, T)>) -> Vec<Keyed<T>> {
    let mut rows = Vec::with_capacity(known.len());
    for (key, value) in now {
        let here = known.get(rows.len()).filter(|row| row.0 == key);
        let content = match here.or_else(|| known.iter().find(|row| row.0 == key)) {
            Some((_, content)) => {
                if content.with_untracked(|known| *known != value) {
                    content.set(value);
                }
                content.clone()
            }
            None => Content::new(value),
        };
        rows.push((key, content));
    }
    rows
}
