//! Home: make a room, or join one.

use crate::{
    components::{ConnectionBanner, ErrorMessage, Field, PlainForm, VisibilityChoice, client_id},
    forms::Form,
    i18n::words,
    live::live,
    paths,
    server_fns::{CreateRoom, JoinRoom},
    titles,
};
use domain::{error, text::Isolated};
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    let t = words();
    titles::set_title(t.app_name);
    let name = live().viewer;
    let welcome =
        Signal::derive(move || name.get().map(|me| (t.welcome)(Isolated(me.name.as_str()))));
    view! {
        <ConnectionBanner />
        <div class="home">
            <h1 class="home-title">{welcome}</h1>
            <p class="home-hint">{t.welcome_hint}</p>
            <div class="choices">
                <section class="choice">
                    <h2>{t.create_room}</h2>
                    <p>{t.create_room_hint}</p>
                    <PlainForm name=CreateRoom::NAME>
                        {client_id()}
                        <ErrorMessage />
                        <Field
                            field=error::Field::Title
                            name="title"
                            label=t.room_title
                        />
                        <VisibilityChoice />
                        <button class="button">{t.create}</button>
                    </PlainForm>
                </section>
                <section class="choice">
                    <h2>{t.join_room}</h2>
                    <p>{t.enter_room_hint}</p>
                    <PlainForm name=JoinRoom::NAME>
                        <ErrorMessage />
                        <Field
                            field=error::Field::Room
                            name="room"
                            label=t.room_id
                        />
                        <button class="button button-second">{t.enter}</button>
                    </PlainForm>
                    // Another document: the router is not used.
                    <a href=paths::ROOMS rel="external" class="quiet-link">{t.open_rooms}</a>
                </section>
            </div>
        </div>
    }
}
