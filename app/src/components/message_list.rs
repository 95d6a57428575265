//! What was said, from the oldest message that is loaded to the newest. The scroller counts from its end (its
//! flex-direction is column-reverse): it begins at the newest line without a script, and lines that
//! come in at either end do not move what is being read.

use crate::{
    boxed_effect::boxed_effect,
    components::{
        Icon,
        html_key::{HtmlKey, Shows},
        list::{Keyed, KeyedView, list, redrawn},
        message::row_view,
    },
    context::OnServer,
    i18n::words,
    live::{self, HistoryEnd, LivePage, live, scroll_to},
    page_context::{PageContext, page_context},
    paths,
};
use domain::{history::PageAnchor, ids::RoomId, message_list::ListItem, messages::Seq};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Closer to the newest line than this is at the end; in CSS pixels.
const AT_END: i32 = 80;
/// More is fetched when fewer pixels than this are left.
const SOON: i32 = 900;

#[component]
pub fn MessageList(
    room: RoomId,
    rows: Arc<live::MessageList>,
    /// Whether there is anything to show.
    has_rows: Signal<bool>,
    /// Whether the last row is in view.
    at_end: RwSignal<bool>,
) -> impl IntoView {
    let t = words();
    let live = live();
    let scrolled = move |event: leptos::ev::Event| {
        let Some(scroller) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok())
        else {
            return;
        };
        let below = -scroller.scroll_top();
        let above = scroller.scroll_height() - scroller.client_height() - below;
        if at_end.get_untracked() != (below < AT_END) {
            at_end.set(below < AT_END);
        }
        for (end, left) in [(HistoryEnd::Older, above), (HistoryEnd::Newer, below)] {
            if left < SOON && live.open.load_at(end).is_idle() {
                live.open.load(end, move |frame| live.send_frame(frame));
            }
        }
    };
    let context = page_context();
    let pages = move || rows.pages.get().into_iter().map(|it| page(it, context.clone())).collect();
    view! {
        <div class="scroller" id="scroller" on:scroll=scrolled tabindex="0" aria-label=t.conversation role="region">
            <div class="message-list-wrap">
                <MoreLink room end=HistoryEnd::Older />
                // The list keeps its own role: a log that is a list loses its items.
                <div role="log" aria-live="polite" aria-relevant="additions">
                    <ol class="message-list">
                        {list(pages)}
                    </ol>
                </div>
                <MoreLink room end=HistoryEnd::Newer />
                <div class="message-list-empty" hidden=has_rows>
                    <p class="message-list-empty-title">{t.quiet_room}</p>
                    <p>{t.quiet_room_hint}</p>
                </div>
            </div>
        </div>
    }
}

/// The list takes out every item that more than one is put before and puts it in again: it loses the
/// reader's place and selection. So each page is a list, and only one of them comes at a time.
fn page(page: LivePage, context: Arc<PageContext>) -> KeyedView {
    let LivePage { key, rows, .. } = page;
    let rows = move || rows.get().into_iter().map(|row| item(row, context.clone())).collect();
    KeyedView::new(key, move || list(rows))
}

fn item((key, item): Keyed<ListItem>, context: Arc<PageContext>) -> KeyedView {
    let html_key = || html_key(item.get_untracked(), &context);
    let html_key = OnServer::new(html_key);
    KeyedView::stored(key, html_key, move || redrawn(move || row_view(item.get(), &context)))
}

fn html_key(row: ListItem, context: &PageContext) -> HtmlKey {
    let minutes_ahead = match &row {
        ListItem::Message(message) => context.clock.minutes(message.at),
        ListItem::Day(_) | ListItem::Event(_) => 0,
    };
    HtmlKey { language: context.language, shows: Shows::Row { row, minutes_ahead } }
}

/// A link for those without scripts; for the others a sign that more is coming, and a way to ask
/// again when it did not.
#[component]
fn MoreLink(room: RoomId, end: HistoryEnd) -> impl IntoView {
    let t = words();
    let live = live();
    let load = live.open.load_at(end);
    let name = if end == HistoryEnd::Older { t.older } else { t.newer };
    let label = Signal::derive(move || {
        let label = match (load.in_flight.get(), load.failed.get()) {
            (true, _) => t.loading,
            (false, true) => t.try_again,
            (false, false) => name,
        };
        Some(label.to_owned())
    });
    let clicked = move |event: leptos::ev::MouseEvent| {
        if live.open.room() == Some(room) {
            event.prevent_default();
            live.open.load(end, move |frame| live.send_frame(frame));
        }
    };
    let place = Signal::derive(move || live.open.read(|room| end.place(room)));
    let href =
        Signal::derive(move || place.get().map(|place| paths::history(room, end.anchor(place))));
    let nothing = Signal::derive(move || place.get().is_none());
    view! {
        <a class="more" href=href hidden=nothing rel="external" on:click=clicked>
            {label}
        </a>
    }
}

/// Leads down to what has come in while the reader was further up.
#[component]
pub fn NewMessages(
    newest: Signal<Option<Seq>>,
    at_end: RwSignal<bool>,
    /// Whether a page of the past is shown. Nothing that comes with it is new.
    is_past: Signal<bool>,
) -> impl IntoView {
    // Read only once the reader has left the end: until then it follows the newest.
    let left_at = StoredValue::new(Seq(0));
    let mut was_past = false;
    boxed_effect(move || {
        let was_past = std::mem::replace(&mut was_past, is_past.get());
        if at_end.get() || is_past.get() || was_past {
            left_at.set_value(newest.get().unwrap_or_default());
        }
    });
    let nothing = Signal::derive(move || {
        at_end.get() || is_past.get() || newest.get() <= Some(left_at.get_value())
    });
    view! {
        <button
            type="button"
            class="new-messages"
            hidden=nothing
            on:click=move |_| scroll_to(PageAnchor::Newest)
        >
            {Icon::Down.draw()}
            {words().new_messages}
        </button>
    }
}
