//! The user's profiles, and which of them each room sees.

use crate::{
    components::{Avatar, ErrorMessage, Field, PlainForm, client_id},
    forms::{Form, FormState},
    i18n::{self, profiles::Profiles},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::{CreateProfile, SetRoomProfile},
};
use domain::{
    error,
    profiles::{Profile, ProfileAssignments, RoomProfile},
    text::Isolated,
};
use leptos::prelude::*;

/// The user's own profiles.
#[derive(Debug)]
pub struct ProfilesPage(pub ProfileAssignments);

impl ServerPage for ProfilesPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::profiles::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(profile_assignments: ProfileAssignments) -> impl IntoView {
    let t = i18n::profiles::words(page_context().language);
    let ProfileAssignments { profiles, rooms } = profile_assignments;
    let has_choice = profiles.len() > 1 && !rooms.is_empty();
    let room_profile = has_choice.then(|| in_rooms(t, &profiles, rooms));
    view! {
        <section class="page-section">
            <p class="page-hint">{t.hint}</p>
            <ul class="entries">
                {profiles.into_iter().map(|profile| row(t, profile)).collect_view()}
            </ul>
        </section>
        <section class="page-section">
            <h2>{t.new}</h2>
            <p class="page-hint">{t.new_hint}</p>
            <PlainForm name=CreateProfile::NAME class="page-form">
                {client_id()}
                <ErrorMessage />
                <ProfileFieldError field=error::Field::Profile />
                <Field
                    field=error::Field::Name
                    name="name"
                    label=t.name
                    autocomplete="off"
                />
                <button class="button">{t.make}</button>
            </PlainForm>
        </section>
        {room_profile}
    }
}

fn row(t: &'static Profiles, profile: Profile) -> AnyView {
    let id = page_context().viewer.as_ref().map(|viewer| viewer.id.uuid()).unwrap_or_default();
    let name = profile.name.to_string();
    let label = (t.edit)(Isolated(&name));
    view! {
        <li class="entry">
            <a class="avatar-row" href=paths::profile(profile.id)>
                <Avatar id name=name.clone() avatar=profile.avatar />
                <span class="avatar-row-name" aria-hidden="true">
                    {name}
                </span>
                <span class="visually-hidden">{label}</span>
                {profile
                    .is_default
                    .then(|| view! { <span class="avatar-row-note">{t.default}</span> }.into_any())}
            </a>
        </li>
    }
    .into_any()
}

fn in_rooms(t: &'static Profiles, profiles: &[Profile], rooms: Vec<RoomProfile>) -> AnyView {
    let rows =
        rooms.into_iter().map(|room_profile| room_row(t, profiles, room_profile)).collect_view();
    view! {
        <section class="page-section">
            <h2>{t.in_rooms}</h2>
            <p class="page-hint">{t.in_rooms_hint}</p>
            <ErrorMessage form=SetRoomProfile::NAME />
            <ul class="entries">{rows}</ul>
        </section>
    }
    .into_any()
}

fn room_row(t: &'static Profiles, profiles: &[Profile], room_profile: RoomProfile) -> AnyView {
    let (title, id) = (room_profile.title.to_string(), format!("profile-{}", room_profile.room));
    let options = profiles.iter().map(|profile| {
        let name = profile.name.to_string();
        let (value, label) = if profile.is_default {
            (String::new(), (t.as_default)(Isolated(&name)))
        } else {
            (profile.id.to_string(), name)
        };
        let chosen = room_profile.profile == Some(profile.id);
        view! { <option value=value selected=chosen>{label}</option> }.into_any()
    });
    let options = options.collect_view();
    view! {
        <li class="entry">
            <PlainForm name=SetRoomProfile::NAME class="profile-form">
                <label class="entry-name" for=id.clone()>
                    <span aria-hidden="true">{title.clone()}</span>
                    <span class="visually-hidden">{(t.profile_in)(Isolated(&title))}</span>
                </label>
                <input type="hidden" name="room" value=room_profile.room.to_string() />
                <select id=id name="profile">{options}</select>
                <button class="button button-quiet">{t.choose}</button>
            </PlainForm>
        </li>
    }
    .into_any()
}

/// The error of a profile's field or avatar.
#[component]
pub fn ProfileFieldError(
    field: error::Field,
    /// The name of the form, where this is outside of it.
    #[prop(optional)]
    form: Option<&'static str>,
    #[prop(optional)] id: Option<&'static str>,
) -> impl IntoView {
    let error = FormState::current_or(form).error(field);
    error.map(|said| view! { <p class="field-error" role="alert" id=id>{said}</p> }.into_any())
}
