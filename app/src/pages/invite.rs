//! Asking others into a room: people who are here, by name; everybody else by a link.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm, Search},
    forms::{Form, FormState},
    i18n::{self, invitations::Invitations},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    pages::{invite_links::InviteLinks, people::pager},
    paths,
    server_fns::{InvitePeople, WithdrawInvitation},
};
use domain::{
    ids::RoomId,
    invitations::{InviteOptions, Invited},
    people::{Directory, UserSummary},
    problem,
    text::{Isolated, ValidationError},
};
use leptos::prelude::*;

/// Whom to invite into a room, and its invitation links.
#[derive(Debug)]
pub struct InvitePage(pub InviteOptions);

impl ServerPage for InvitePage {
    fn title(&self, context: &PageContext) -> String {
        (i18n::invitations::words(context.language).title)(Isolated(self.0.title.as_str()))
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(
            paths::room(self.0.room),
            i18n::rooms::words(context.language).to_room,
        ))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(inviting: InviteOptions) -> impl IntoView {
    let t = i18n::invitations::words(page_context().language);
    let InviteOptions { room, people, open, .. } = inviting;
    let (id, room) = (room, room.to_string());
    let open = open.map(|open| {
        let (people, room) = (waiting(t, &room, open.people), room.clone());
        view! {
            {people}
            <InviteLinks room links=open.links fresh=open.fresh />
        }
        .into_any()
    });
    view! {
        <section class="plain-section">
            <h2>{t.people}</h2>
            <p class="plain-hint">{t.people_hint}</p>
            {choosing(t, id, people)}
        </section>
        {open}
    }
}

fn choosing(t: &'static Invitations, room: RoomId, people: Directory) -> AnyView {
    if people.people.is_empty() && people.query.is_empty() {
        return view! { <p class="found-none">{t.everybody_is_in}</p> }.into_any();
    }
    let words = i18n::people::words(page_context().language);
    let path = paths::room_invite(room);
    let state = FormState::of(InvitePeople::NAME);
    let refused = state.fault(problem::Field::People).map(|fault| match fault {
        ValidationError::TooMany { most } => (t.too_many)(most),
        _ => t.nobody_chosen.to_owned(),
    });
    let (query, id) = (people.query.clone(), room.to_string());
    let found = found(&path, people);
    view! {
        <Search path query label=t.search hint=words.search_hint />
        <PlainForm name=InvitePeople::NAME class="choosing">
            <ErrorMessage />
            {refused.map(|said| view! { <p class="field-error" role="alert">{said}</p> }.into_any())}
            <input type="hidden" name="room" value=id />
            <div id="found">{found}</div>
            <div class="choosing-done">
                <button class="button">{t.send}</button>
            </div>
        </PlainForm>
    }
    .into_any()
}

fn found(path: &str, people: Directory) -> AnyView {
    let words = i18n::people::words(page_context().language);
    let Directory { query, people, page, pages, .. } = people;
    if people.is_empty() {
        return view! { <p class="found-none" role="status">{(words.nobody)(Isolated(&query))}</p> }
            .into_any();
    }
    view! {
        <ul class="faces">{people.into_iter().map(choice).collect_view()}</ul>
        {(pages > 1).then(|| pager(words, path, &query, page, pages))}
    }
    .into_any()
}

fn choice(face: UserSummary) -> AnyView {
    let name = face.name.to_string();
    view! {
        <li>
            <label class="face face-choice">
                <Avatar id=face.person.uuid() name=name.clone() picture=face.picture />
                <span class="face-name">{name}</span>
                <input type="checkbox" name="people[]" value=face.person.to_string() />
            </label>
        </li>
    }
    .into_any()
}

/// Those who have been asked and have not answered.
fn waiting(t: &'static Invitations, room: &str, people: Vec<Invited>) -> Option<AnyView> {
    let row = |invited: Invited| {
        let name = invited.name.to_string();
        let (label, by) = ((t.withdraw_of)(Isolated(&name)), (t.by)(Isolated(invited.by.as_str())));
        let id = room.to_owned();
        view! {
            <li class="entry">
                <a class="face" href=paths::person(invited.person)>
                    <Avatar
                        id=invited.person.uuid()
                        name=name.clone()
                        picture=invited.picture
                    />
                    <span class="entry-text">
                        <span class="entry-name">{name}</span>
                        <span class="entry-second entry-line">{by}</span>
                    </span>
                </a>
                <PlainForm name=WithdrawInvitation::NAME>
                    <input type="hidden" name="room" value=id />
                    <input type="hidden" name="person" value=invited.person.to_string() />
                    <button class="button button-quiet" aria-label=label>
                        {t.withdraw}
                    </button>
                </PlainForm>
            </li>
        }
        .into_any()
    };
    (!people.is_empty()).then(|| {
        view! {
            <section class="plain-section">
                <h2>{t.invited}</h2>
                <p class="plain-hint">{t.invited_hint}</p>
                <ErrorMessage form=WithdrawInvitation::NAME />
                <ul class="entries">{people.into_iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}
