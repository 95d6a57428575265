//! A room, for its members. Its preview is a page that the server renders alone.

use crate::{
    boxed_effect::boxed_effect,
    components::{Conversation, list::redrawn},
    context::InitialRoom,
    errors::ShownError,
    i18n::words,
    live::{live, read_history, reload, scroll_to},
    pages::not_found::Nothing,
    titles,
};
use domain::history::{HistoryPage, PageAnchor};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

#[component]
pub fn RoomPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let initial_room = RwSignal::new(initial_room());
    let waiting = RwSignal::new(false);
    // The first answer may have come with the document.
    let mut known = initial_room.with_untracked(Option::is_some);
    let mut asked = None;
    let latest = Arc::new(AtomicU32::new(0));
    boxed_effect(move || {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        let number = |name| query.with(|query| query.get(name)?.parse::<i64>().ok());
        let anchor = PageAnchor::of(number("before"), number("after"), number("at"));
        let asking = Some((id.clone(), anchor));
        if asked == asking {
            return;
        }
        asked = asking;
        if std::mem::take(&mut known) {
            return scroll_to(anchor);
        }
        // Within a room everything stays in its place, and may be used meanwhile.
        waiting.set(!is_shown(initial_room, &id));
        let latest = latest.clone();
        let this = latest.fetch_add(1, Relaxed) + 1;
        leptos::task::spawn_local(async move {
            let answer = read_history(id.clone(), anchor).await;
            // By now the reader may have gone to another room.
            if latest.load(Relaxed) != this {
                return;
            }
            if answer.as_ref().is_err_and(ShownError::is_not_found) {
                // There may be a preview: the server knows.
                return reload();
            }
            match answer {
                Ok(page) if is_shown(initial_room, &id) => live().reopen(page),
                answer => drop(initial_room.try_set(Some(answer))),
            }
            waiting.try_set(false);
            scroll_to(anchor);
        });
    });
    // Until the answer comes, the previous content stays, inert.
    let busy = Signal::derive(move || waiting.get().then(|| "true".to_owned()));
    view! {
        <div class="room-pane" inert=waiting aria-busy=busy>
            {redrawn(move || initial_room.get().map_or_else(|| ().into_any(), opened))}
        </div>
    }
}

/// Whether this room is on the screen.
fn is_shown(initial_room: RwSignal<Option<Result<HistoryPage, ShownError>>>, id: &str) -> bool {
    let is_shown = |initial_room: &Option<Result<HistoryPage, ShownError>>| matches!(initial_room, Some(Ok(page)) if page.details.id.to_string() == id);
    initial_room.try_with_untracked(is_shown).unwrap_or(false)
}

/// The first answer, for the page that it came with.
fn initial_room() -> Option<Result<HistoryPage, ShownError>> {
    use_context::<InitialRoom>()
        .and_then(|InitialRoom(initial_room)| initial_room.try_update_value(Option::take)?)
}

fn opened(initial_room: Result<HistoryPage, ShownError>) -> AnyView {
    titles::set_room_title(&initial_room);
    match initial_room {
        Ok(page) => inside(page),
        Err(error) => {
            let sentence = if error.is_not_found() {
                words().room_not_found.to_owned()
            } else {
                error.sentence()
            };
            view! { <Nothing sentence /> }.into_any()
        }
    }
}

fn inside(page: HistoryPage) -> AnyView {
    let live = live();
    // The server sends strangers to sign-in before it draws anything.
    let Some(me) = live.me else { return ().into_any() };
    let room = page.details.id;
    live.show(me, page);
    view! { <Conversation room /> }.into_any()
}
