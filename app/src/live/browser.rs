//! The little that is asked of the browser itself. Nothing here runs on the server.

use crate::paths;
use domain::{clock::Millis, history::PageAnchor, ids::ClientId};
use leptos::prelude::{document, request_animation_frame, window};
use std::sync::atomic::{AtomicBool, Ordering};
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

/// Is there from a reload to the next welcome, so that a page which the server refuses again does not reload for ever.
const READ_ANEW: &str = "read anew";

fn tab_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Whether the page, whose version the server does not speak, may be read anew: once. Never where the browser does not
/// remember that, or texts would be lost.
pub fn may_read_anew() -> bool {
    let Some(storage) = tab_storage().filter(|_| device_keeps_everything()) else { return false };
    storage.get_item(READ_ANEW) == Ok(None) && storage.set_item(READ_ANEW, "").is_ok()
}

/// The server speaks the version of the page.
pub fn is_up_to_date() {
    if let Some(storage) = tab_storage() {
        // What stays shows the banner once where a reload would have done.
        let _ = storage.remove_item(READ_ANEW);
    }
}

fn device_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The device has not taken something that it was given: it has no room, or keeps nothing.
static IS_REFUSING: AtomicBool = AtomicBool::new(false);

/// Whether all that was to be kept is on the device, and not on the page alone.
pub fn device_keeps_everything() -> bool {
    !IS_REFUSING.load(Ordering::Relaxed) && device_storage().is_some()
}

/// Keeps a text under a name for all tabs, whatever becomes of the page.
pub fn keep_on_device(name: &str, text: &str) {
    if device_storage().is_none_or(|storage| storage.set_item(name, text).is_err()) {
        IS_REFUSING.store(true, Ordering::Relaxed);
    }
}

pub fn remove_from_device(name: &str) {
    if let Some(storage) = device_storage() {
        // What stays is sent once more, and answered with what is stored.
        let _ = storage.remove_item(name);
    }
}

/// The texts that the device keeps under names that begin like this.
pub fn kept_on_device(prefix: &str) -> Vec<String> {
    let Some(storage) = device_storage() else { return Vec::new() };
    let all = (0..storage.length().unwrap_or_default()).filter_map(|n| storage.key(n).ok()?);
    let names: Vec<_> = all.filter(|name| name.starts_with(prefix)).collect();
    names.iter().filter_map(|name| storage.get_item(name).ok()?).collect()
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
