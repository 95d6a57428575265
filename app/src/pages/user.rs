//! A user's card: their name and avatar, and the rooms in common with the reader.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm},
    forms::Form,
    i18n::{self, users::Users},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::OpenDirectRoom,
};
use domain::{
    ids::RoomId,
    profiles::{Profile, UserCard},
    rooms::RoomTitle,
    text::Isolated,
};
use leptos::prelude::*;

/// The card of a user.
#[derive(Debug)]
pub struct UserPage(pub UserCard);

impl ServerPage for UserPage {
    fn title(&self, context: &PageContext) -> String {
        (i18n::users::words(context.language).card)(Isolated(self.0.summary.name.as_str()))
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(paths::USERS, i18n::users::words(context.language).title))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(card: UserCard) -> impl IntoView {
    let t = i18n::users::words(page_context().language);
    let UserCard { summary, rooms, own } = card;
    let name = summary.name.to_string();
    let me = own.is_some().then_some(t.me);
    let talk = if own.is_some() { t.note_to_self } else { t.talk };
    let user = summary.user.to_string();
    view! {
        <div class="card">
            <Avatar id=summary.user.uuid() name=name.clone() avatar=summary.avatar />
            <h2 class="card-name">{name}</h2>
            {me.map(|me| view! { <p class="card-note">{me}</p> }.into_any())}
            <ErrorMessage form=OpenDirectRoom::NAME />
            <PlainForm name=OpenDirectRoom::NAME>
                <input type="hidden" name="user" value=user />
                <button class="button">{talk}</button>
            </PlainForm>
        </div>
        {match own {
            Some(own) => own_profiles(t, summary.user.uuid(), own),
            None => in_common(t, rooms),
        }}
    }
}

fn own_profiles(t: &'static Users, user: uuid::Uuid, own: Vec<Profile>) -> AnyView {
    let row = |profile: Profile| {
        let name = profile.name.to_string();
        view! {
            <li>
                <a class="avatar-row" href=paths::profile(profile.id)>
                    <Avatar id=user name=name.clone() avatar=profile.avatar />
                    <span class="avatar-row-name">{name}</span>
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="page-section">
            <h2>{t.own_profiles}</h2>
            <ul class="avatar-rows">{own.into_iter().map(row).collect_view()}</ul>
            <a class="button button-second" href=paths::PROFILES>{t.edit_profiles}</a>
        </section>
    }
    .into_any()
}

fn in_common(t: &'static Users, rooms: Vec<(RoomId, RoomTitle)>) -> AnyView {
    let none = rooms.is_empty();
    let row = |(id, title): (RoomId, RoomTitle)| {
        let title = title.to_string();
        view! {
            <li>
                <a class="avatar-row" href=paths::room(id)>
                    <Avatar id=id.uuid() name=title.clone() room=true />
                    <span class="avatar-row-name">{title}</span>
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="page-section">
            <h2>{t.rooms_in_common}</h2>
            {none.then(|| view! { <p class="page-hint">{t.no_rooms_in_common}</p> }.into_any())}
            <ul class="avatar-rows">{rooms.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}
