//! The little that is asked of the browser itself. Nothing here runs on the server.

use crate::paths;
use domain::{clock::Millis, history::PageAnchor, ids::ClientId};
use leptos::prelude::{document, request_animation_frame, window};
use uuid::Uuid;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::HtmlElement;

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit by far")]
pub fn now() -> Millis {
    Millis(js_sys::Date::now() as i64)
}

pub fn random() -> f64 {
    js_sys::Math::random()
}

pub fn fresh_client_id() -> ClientId {
    ClientId::fresh(now(), Uuid::new_v4())
}

/// Whether the page is in view.
#[must_use]
pub fn visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

pub fn online() -> bool {
    window().navigator().on_line()
}

/// Whether the keyboard is one on the screen, where Enter makes a new line.
#[must_use]
pub fn is_touch() -> bool {
    let query = window().match_media("(hover: none) and (pointer: coarse)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// The socket's address: where the page came from, whatever that is.
pub fn socket_url() -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|p| p == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}/ws", location.host().unwrap_or_default())
}

pub fn reload() {
    // A browser that refuses to reload has nothing better to offer either.
    let _ = window().location().reload();
}

fn tab_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// What this tab keeps under a name, over a reload.
pub fn kept(name: &str) -> Option<String> {
    tab_storage()?.get_item(name).ok().flatten()
}

/// False where the browser keeps nothing, or has no room for it.
pub fn keep(name: &str, text: &str) -> bool {
    tab_storage().is_some_and(|storage| storage.set_item(name, text).is_ok())
}

pub fn forget(name: &str) {
    if let Some(storage) = tab_storage() {
        // What cannot be removed is read again by this tab at most.
        let _ = storage.remove_item(name);
    }
}

/// Shows the banner that offers to reload the page.
pub fn show_broken() {
    if let Some(banner) = document().get_element_by_id("broken") {
        let _ = banner.remove_attribute("hidden");
    }
}

fn scroller() -> Option<web_sys::Element> {
    document().get_element_by_id("scroller")
}

/// Scrolls to where a page of a history begins. The scroller counts from its end: zero is the last row, however
/// long the history.
pub fn scroll_to(anchor: PageAnchor) {
    let PageAnchor::Around(seq) = anchor else {
        if let Some(scroller) = scroller() {
            scroller.set_scroll_top(0);
        }
        return;
    };
    // It is there once what runs at present has come to its end.
    request_animation_frame(move || {
        let row = document().get_element_by_id(&paths::place(seq));
        if let (Some(scroller), Some(row)) = (scroller(), row) {
            let (view, row) = (scroller.get_bounding_client_rect(), row.get_bounding_client_rect());
            let middle = |rect: &web_sys::DomRect| rect.top() + rect.height() / 2.0;
            #[expect(clippy::cast_possible_truncation, reason = "pixels on a screen")]
            let below = (middle(&row) - middle(&view)) as i32;
            scroller.set_scroll_top(scroller.scroll_top() + below);
        }
    });
}

/// At its very end a scroller follows what is added behind. One pixel away it stays with what is being read.
pub fn leave_end() {
    if let Some(scroller) = scroller().filter(|scroller| scroller.scroll_top() == 0) {
        scroller.set_scroll_top(-1);
    }
}

/// An element that is moved in the document loses the focus. Gives it back to the one that has it now, once
/// what runs at present has come to its end.
pub fn keep_focus() {
    let focused = document().active_element().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    let Some(focused) = focused else { return };
    leptos::task::spawn_local(async move {
        let now = document().active_element();
        if now.is_none_or(|now| now.tag_name() == "BODY") {
            let _ = focused.focus();
        }
    });
}

/// Runs `wake` whenever the network comes or goes.
pub fn on_network(wake: impl Fn() + Clone + 'static) {
    listen(&window(), "online", wake.clone());
    listen(&window(), "offline", wake);
}

/// Tells `seen` whenever the page comes to the front or leaves it.
pub fn on_visibility(seen: impl Fn(bool) + 'static) {
    listen(&document(), "visibilitychange", move || seen(visible()));
}

/// A menu is a `details`, which knows no Escape of its own.
pub fn close_menus_on_escape() {
    listen_to(&document(), "keydown", |event: web_sys::KeyboardEvent| {
        let open = document().query_selector("details.menu[open]").ok().flatten();
        if let Some(menu) = open.filter(|_| event.key() == "Escape") {
            let _ = menu.remove_attribute("open");
        }
    });
}

fn listen(target: &web_sys::EventTarget, event: &str, run: impl Fn() + 'static) {
    listen_to(target, event, move |_| run());
}

/// For as long as the page lives.
fn listen_to(
    target: &web_sys::EventTarget,
    event: &str,
    run: impl Fn(web_sys::KeyboardEvent) + 'static,
) {
    let run = Closure::<dyn Fn(web_sys::KeyboardEvent)>::new(run);
    let added = target.add_event_listener_with_callback(event, run.as_ref().unchecked_ref());
    if added.is_ok() {
        run.forget();
    }
}
