//! Home: make a room, or enter one.

use crate::{
    api::{create_room, enter_room},
    components::{Field, LinkBanner, Problem, ScriptedForm},
    forms::FormState,
    i18n::words,
    live::live,
    titles,
};
use domain::problem;
use leptos::prelude::*;

#[component]
pub fn Lobby() -> impl IntoView {
    let t = words();
    titles::call(t.app_name);
    let name = live().viewer;
    let welcome = Signal::derive(move || name.get().map(|me| (t.welcome)(me.name.as_str())));
    let create = Action::new(|title: &String| create_room(title.clone()));
    let enter = Action::new(|room: &String| enter_room(room.clone()));
    let creating = FormState::scripted("create_room", create);
    let entering = FormState::scripted("enter_room", enter);
    view! {
        <LinkBanner />
        <div class="lobby">
            <h1 class="lobby-title">{welcome}</h1>
            <p class="lobby-hint">{t.welcome_hint}</p>
            <div class="choices">
                <section class="choice">
                    <h2>{t.create_room}</h2>
                    <p>{t.create_room_hint}</p>
                    <ScriptedForm name="create_room" field="title" action=create>
                        <Problem state=creating />
                        <Field
                            state=creating
                            field=problem::Field::Title
                            name="title"
                            label=t.room_title
                        />
                        <button class="button">{t.create}</button>
                    </ScriptedForm>
                </section>
                <section class="choice">
                    <h2>{t.enter_room}</h2>
                    <p>{t.enter_room_hint}</p>
                    <ScriptedForm name="enter_room" field="room" action=enter>
                        <Problem state=entering />
                        <Field
                            state=entering
                            field=problem::Field::Room
                            name="room"
                            label=t.room_id
                        />
                        <button class="button button-second">{t.enter}</button>
                    </ScriptedForm>
                </section>
            </div>
        </div>
    }
}
