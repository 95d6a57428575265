//! A room, for its members. Its preview is a page that the server renders alone.

use crate::{
    boxed_effect::boxed_effect,
    components::{Conversation, HistoryView, list::redrawn},
    context::InitialRoom,
    errors::ShownError,
    forms::ServerError,
    i18n::words,
    live::{live, reload},
    pages::not_found::Nothing,
    server_fns::read_page,
    titles,
};
use domain::wire::HistoryPage;
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
        let before = query.with(|query| query.get("before")?.parse::<i64>().ok());
        let asking = Some((id.clone(), before));
        if asked == asking {
            return;
        }
        asked = asking;
        if std::mem::take(&mut known) {
            return;
        }
        waiting.set(true);
        let latest = latest.clone();
        let this = latest.fetch_add(1, Relaxed) + 1;
        leptos::task::spawn_local(async move {
            let answer = read_page(id, before).await.map_err(ServerError::shown);
            // By now the reader may have gone to another room.
            if latest.load(Relaxed) != this {
                return;
            }
            if answer.as_ref().is_err_and(ShownError::is_not_found) {
                // There may be a preview: the server knows.
                return reload();
            }
            initial_room.try_set(Some(answer));
            waiting.try_set(false);
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
    if page.has_newer {
        return view! { <HistoryView me page /> }.into_any();
    }
    let room = page.details.id;
    live.show(me, page);
    view! { <Conversation room /> }.into_any()
}
