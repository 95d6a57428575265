//! A room: its conversation for members, its door for everybody else.

use crate::{
    api::{enter_room, look_at_room},
    components::{Avatar, Conversation, Past, Problem, ScriptedForm},
    context::set_status,
    forms::FormState,
    i18n::words,
    live::live,
    pages::not_found::Nothing,
};
use domain::{
    problem,
    rooms::{Door, Look},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn RoomPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let before = Memo::new(move |_| query.with(|q| q.get("before")?.parse::<i64>().ok()));
    let entered = RwSignal::new(0_u32);
    let look = Resource::new(
        move || (id.get(), before.get(), entered.get()),
        |(id, before, _)| look_at_room(id, before),
    );
    provide_context(Entered(entered));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match look.await {
                    Ok(look) => view! { <Opened look /> }.into_any(),
                    Err(failure) => {
                        set_status(failure.0.status());
                        let t = words();
                        let sentence = match failure.0 {
                            problem::Problem::NotFound => t.room_not_found.to_owned(),
                            problem => (t.problem)(&problem),
                        };
                        view! { <Nothing sentence /> }.into_any()
                    }
                }
            })}
        </Suspense>
    }
}

/// Counts how often the reader has come in through the door, so that the page looks again.
#[derive(Debug, Clone, Copy)]
struct Entered(RwSignal<u32>);

#[component]
fn Opened(look: Look) -> impl IntoView {
    let live = live();
    match (look, live.me) {
        (Look::Door(door), _) => view! { <DoorCard door /> }.into_any(),
        (Look::Inside(page), Some(me)) => {
            let (room, title) = (page.about.id, page.about.title.to_string());
            let inside = if page.has_newer {
                view! { <Past me page /> }.into_any()
            } else {
                live.open.show(me, page);
                view! { <Conversation room /> }.into_any()
            };
            view! {
                <Title text=title />
                {inside}
            }
            .into_any()
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
    let enter = Action::new(|room: &String| enter_room(room.clone()));
    let state = FormState::scripted("enter_room", enter);
    let entered = use_context::<Entered>();
    Effect::new(move |_| {
        if let (Some(Ok(_)), Some(Entered(entered))) = (enter.value().get(), entered) {
            entered.update(|count| *count += 1);
            live().rooms.refresh();
        }
    });
    view! {
        <Title text=title.clone() />
        <div class="door">
            <Avatar id=door.id.uuid() name=title.clone() />
            <h1 class="door-title">{title}</h1>
            <p class="door-id">{door.id.short()}</p>
            <p class="door-hint">{(t.door_hint)(door.members)}</p>
            <ScriptedForm name="enter_room" field="room" action=enter>
                <Problem state />
                <input type="hidden" name="room" value=door.id.to_string() />
                <button class="button">{t.enter_this}</button>
            </ScriptedForm>
            <a class="quiet-link" href="/">{t.to_home}</a>
        </div>
    }
}
