//! A person's card: who they are, and what one shares with them.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm},
    forms::Form,
    i18n::{self, people::People},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::Talk,
};
use domain::{ids::RoomId, people::UserCard, profiles::Profile, rooms::RoomTitle, text::Isolated};
use leptos::prelude::*;

/// The card of a user.
#[derive(Debug)]
pub struct PersonPage(pub UserCard);

impl ServerPage for PersonPage {
    fn title(&self, context: &PageContext) -> String {
        (i18n::people::words(context.language).card)(Isolated(self.0.face.name.as_str()))
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(paths::PEOPLE, i18n::people::words(context.language).title))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(card: UserCard) -> impl IntoView {
    let t = i18n::people::words(page_context().language);
    let UserCard { face, rooms, own } = card;
    let name = face.name.to_string();
    let me = own.is_some().then_some(t.me);
    let talk = if own.is_some() { t.note_to_self } else { t.talk };
    let person = face.person.to_string();
    view! {
        <div class="card">
            <Avatar id=face.person.uuid() name=name.clone() picture=face.picture />
            <h2 class="card-name">{name}</h2>
            {me.map(|me| view! { <p class="card-note">{me}</p> }.into_any())}
            <ErrorMessage form=Talk::NAME />
            <PlainForm name=Talk::NAME>
                <input type="hidden" name="person" value=person />
                <button class="button">{talk}</button>
            </PlainForm>
        </div>
        {match own {
            Some(own) => own_profiles(t, face.person.uuid(), own),
            None => in_common(t, rooms),
        }}
    }
}

fn own_profiles(t: &'static People, person: uuid::Uuid, own: Vec<Profile>) -> AnyView {
    let row = |profile: Profile| {
        let name = profile.name.to_string();
        view! {
            <li>
                <a class="face" href=paths::profile(profile.id)>
                    <Avatar id=person name=name.clone() picture=profile.picture />
                    <span class="face-name">{name}</span>
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="plain-section">
            <h2>{t.own_profiles}</h2>
            <ul class="faces">{own.into_iter().map(row).collect_view()}</ul>
            <a class="button button-second" href=paths::PROFILES>{t.edit_profiles}</a>
        </section>
    }
    .into_any()
}

fn in_common(t: &'static People, rooms: Vec<(RoomId, RoomTitle)>) -> AnyView {
    let none = rooms.is_empty();
    let row = |(id, title): (RoomId, RoomTitle)| {
        let title = title.to_string();
        view! {
            <li>
                <a class="face" href=paths::room(id)>
                    <Avatar id=id.uuid() name=title.clone() room=true />
                    <span class="face-name">{title}</span>
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="plain-section">
            <h2>{t.rooms_in_common}</h2>
            {none.then(|| view! { <p class="plain-hint">{t.no_rooms_in_common}</p> }.into_any())}
            <ul class="faces">{rooms.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}
