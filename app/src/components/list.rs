//! Lists that change under the reader's eyes.

use domain::message_list::RowId;
use leptos::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// One item of a list: drawn when its key appears, and left alone as long as it stays.
pub struct Item {
    key: RowId,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Item {
    pub fn new(key: RowId, draw: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, draw: Box::new(draw) }
    }
}

/// Draws the items. All lists go through this one type: `For` is compiled into the WASM anew for
/// every type of item.
pub fn list(items: impl Fn() -> Vec<Item> + Send + 'static) -> AnyView {
    let items: Box<dyn Fn() -> Vec<Item> + Send> = Box::new(items);
    view! { <For each=items key=|item: &Item| item.key children=|item: Item| (item.draw)() /> }
        .into_any()
}

/// Draws something in place again whenever what it reads changes: what is the same stays untouched in the
/// document, and with it selection and focus. Everything goes through this one type, as lists do.
pub fn redrawn(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let draw: Box<dyn Fn() -> AnyView + Send> = Box::new(draw);
    (move || draw()).into_any()
}

/// What a row shows, and whether that has changed. Not a signal, of which each type is compiled anew.
#[derive(Debug)]
pub struct Content<T> {
    value: Mutex<T>,
    changed: ArcTrigger,
}

impl<T: Clone> Content<T> {
    pub fn new(value: T) -> Arc<Self> {
        Arc::new(Self { value: Mutex::new(value), changed: ArcTrigger::new() })
    }

    /// The value as it is. What is being drawn is drawn again when it changes.
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

/// A row that keeps its identity while its content changes.
pub type Row<T> = (RowId, Arc<Content<T>>);

/// The rows as they are now: those that were there stay what they are, and are drawn again only if what they
/// show has changed.
pub fn follow<T: Clone + PartialEq>(known: &[Row<T>], now: Vec<(RowId, T)>) -> Vec<Row<T>> {
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
