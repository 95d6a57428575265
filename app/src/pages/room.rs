//! A room: its conversation for members, its door for everybody else.

use crate::{
    api::look_at_room,
    components::{Avatar, Conversation, Past, PlainForm, Problem},
    context::FirstLook,
    effect::effect,
    forms::FormState,
    i18n::words,
    live::live,
    pages::not_found::Nothing,
    titles,
};
use domain::{
    problem,
    rooms::{Door, Look},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn RoomPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let again = live().open.again;
    let look = RwSignal::new(first_look());
    let waiting = RwSignal::new(false);
    let asked = Memo::new(move |_| {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        let before = query.with(|query| query.get("before")?.parse::<i64>().ok());
        (id, before, again.get())
    });
    // The first answer may have come with the page.
    let mut known = look.with_untracked(Option::is_some);
    effect(move || {
        let asking = asked.get();
        if std::mem::take(&mut known) {
            return;
        }
        waiting.set(true);
        leptos::task::spawn_local(async move {
            let (id, before, _) = asking.clone();
            let answer = look_at_room(id, before).await.map_err(|failure| failure.0);
            // By now the reader may have gone on to another room.
            if asked.try_get_untracked() == Some(asking) {
                look.try_set(Some(answer));
                waiting.try_set(false);
            }
        });
    });
    // Until the answer comes, what was there before stays, out of reach.
    let busy = Signal::derive(move || waiting.get().then(|| "true".to_owned()));
    view! {
        <div class="room-pane" inert=waiting aria-busy=busy>
            {move || look.get().map(opened)}
        </div>
    }
}

/// What came with the page, for the page that it came with.
fn first_look() -> Option<Result<Look, problem::Problem>> {
    use_context::<FirstLook>().and_then(|FirstLook(look)| look.try_update_value(Option::take)?)
}

fn opened(look: Result<Look, problem::Problem>) -> AnyView {
    titles::call_after(&look);
    match look {
        Ok(look) => inside_or_door(look),
        Err(problem) => {
            let t = words();
            let sentence = match problem {
                problem::Problem::NotFound => t.room_not_found.to_owned(),
                problem => (t.problem)(&problem),
            };
            view! { <Nothing sentence /> }.into_any()
        }
    }
}

fn inside_or_door(look: Look) -> AnyView {
    let live = live();
    match (look, live.me) {
        (Look::Door(door), _) => view! { <DoorCard door /> }.into_any(),
        (Look::Inside(page), Some(me)) => {
            if page.has_newer {
                return view! { <Past me page /> }.into_any();
            }
            let room = page.about.id;
            live.open.show(me, page);
            view! { <Conversation room /> }.into_any()
        }
        // The server sends strangers to sign-in before it draws anything.
        (Look::Inside(_), None) => ().into_any(),
    }
}

/// The room from outside, with one button to enter.
#[component]
fn DoorCard(door: Door) -> impl IntoView {
    let t = words();
    let title = door.title.to_string();
    let state = FormState::of("enter_room");
    let description = door.description.as_str().to_owned();
    view! {
        <div class="door">
            <Avatar id=door.id.uuid() name=title.clone() room=true />
            <h1 class="door-title">{title}</h1>
            <p class="door-id">{door.id.short()}</p>
            <p class="door-about">{description}</p>
            <p class="door-hint">{(t.door_hint)(door.members)}</p>
            <PlainForm name="enter_room">
                <Problem state />
                <input type="hidden" name="room" value=door.id.to_string() />
                <button class="button">{t.enter_this}</button>
            </PlainForm>
            <a class="quiet-link" href="/">{t.to_home}</a>
        </div>
    }
}
