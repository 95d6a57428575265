//! A room's settings: its details, its members, and leaving or closing it.

use crate::{
    components::{Avatar, ErrorMessage, Field, PlainForm, VisibilityChoice},
    escape::in_text_area,
    forms::{Form, FormState},
    i18n::{self, rooms::Rooms},
    page_context::{PageContext, page_context},
    pages::memberships::{Banned, Members},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::{CloseRoom, LeaveRoom, UpdateRoom},
};
use domain::{
    error,
    memberships::Role,
    rooms::{RoomSettings, Visibility},
    text::Isolated,
};
use leptos::prelude::*;

/// A room's settings, its members, and what the user can do about them.
#[derive(Debug)]
pub struct RoomSettingsPage(pub RoomSettings);

impl ServerPage for RoomSettingsPage {
    fn title(&self, context: &PageContext) -> String {
        (i18n::rooms::words(context.language).settings_of)(Isolated(self.0.title.as_str()))
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(
            paths::room(self.0.id),
            i18n::rooms::words(context.language).to_room,
        ))
    }

    fn view(&self) -> AnyView {
        page(&self.0).into_any()
    }
}

fn page(settings: &RoomSettings) -> impl IntoView {
    let t = i18n::rooms::words(page_context().language);
    let room = settings.id.to_string();
    let owns = settings.role == Role::Owner;
    let alone = settings.headcount == 1;
    let details = if owns { arranging(t, settings) } else { telling(t, settings) };
    let closing = (owns && !alone).then(|| danger_action(t, Out::Close, room.clone()));
    let leaving = if alone { Out::LeaveAlone } else { Out::Leave };
    let (members, banned) = (settings.clone(), settings.clone());
    let to_avatar = owns.then(|| {
        let label = if settings.avatar.is_some() { t.change_avatar } else { t.add_avatar };
        let href = paths::room_avatar(settings.id);
        view! { <a class="button button-second" href=href>{label}</a> }.into_any()
    });
    let (id, name, avatar) = (settings.id.uuid(), settings.title.to_string(), settings.avatar);
    view! {
        <div class="card">
            <Avatar id name avatar room=true /> {to_avatar}
        </div>
        <section class="page-section">
            <h2>{t.details}</h2>
            {details}
        </section>
        <Members settings=members />
        <Banned settings=banned />
        {danger_action(t, leaving, room)}
        {closing}
    }
}

fn visibility_hint(t: &Rooms, visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Open => t.open_hint,
        Visibility::Private => t.private_hint,
    }
}

fn telling(t: &'static Rooms, settings: &RoomSettings) -> AnyView {
    let description = match settings.description.as_str() {
        "" => t.no_description.to_owned(),
        text => text.to_owned(),
    };
    view! {
        <p class="page-hint">{visibility_hint(t, settings.visibility)}</p>
        <p class="room-about">{description}</p>
    }
    .into_any()
}

fn arranging(t: &'static Rooms, settings: &RoomSettings) -> AnyView {
    let state = FormState::of(UpdateRoom::NAME);
    let typed = state.typed("description");
    let description = typed.unwrap_or_else(|| settings.description.to_string());
    let said = state.error(error::Field::Description);
    let refused = said.is_some();
    let (room, title, visibility) =
        (settings.id.to_string(), settings.title.to_string(), settings.visibility);
    view! {
        <PlainForm name=UpdateRoom::NAME class="page-form">
            <ErrorMessage />
            <input type="hidden" name="room" value=room />
            <Field
                field=error::Field::Title
                name="title"
                label=t.room_title
                initial=title
            />
            <div class="field" class:field-refused=refused>
                <label for="description">{t.description}</label>
                <textarea
                    id="description"
                    name="description"
                    rows="4"
                    aria-invalid=refused.then_some("true")
                    aria-describedby="description-said"
                    inner_html=in_text_area(&description)
                ></textarea>
                {match said {
                    Some(said) => {
                        view! { <p class="field-error" id="description-said">{said}</p> }.into_any()
                    }
                    None => {
                        view! {
                            <p class="field-hint" id="description-said">{t.description_hint}</p>
                        }
                            .into_any()
                    }
                }}
            </div>
            <VisibilityChoice initial=visibility />
            <button class="button">{t.save}</button>
        </PlainForm>
    }
    .into_any()
}

/// Ways to leave. What cannot be undone asks for confirmation: with a `details` element, without scripts.
#[derive(Clone, Copy)]
enum Out {
    Leave,
    /// The last member leaves, which closes the room.
    LeaveAlone,
    Close,
}

fn danger_action(t: &'static Rooms, out: Out, room: String) -> AnyView {
    let (form, title, hint, now) = match out {
        Out::Leave => (LeaveRoom::NAME, t.leave, t.leave_hint, t.leave_now),
        Out::LeaveAlone => (LeaveRoom::NAME, t.leave, t.leave_alone_hint, t.leave_now),
        Out::Close => (CloseRoom::NAME, t.close, t.close_hint, t.close_now),
    };
    let state = FormState::of(form);
    let refused = state.error(error::Field::Owner);
    view! {
        <section class="page-section">
            <h2>{title}</h2>
            <p class="page-hint">{hint}</p>
            <ErrorMessage form />
            {refused.map(|said| view! { <p class="field-error" role="alert">{said}</p> }.into_any())}
            <details class="confirm">
                <summary class="button button-quiet">{title}</summary>
                <PlainForm name=form>
                    <input type="hidden" name="room" value=room />
                    <button class="button button-danger">{now}</button>
                </PlainForm>
            </details>
        </section>
    }
    .into_any()
}
