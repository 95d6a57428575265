//! Inviting into a room: users of this instance by name, others by a link.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm, Search},
    forms::{Form, FormState},
    i18n::{self, invitations::Invitations},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    pages::{invite_links::InviteLinks, users::pager},
    paths,
    server_fns::{InviteUsers, RevokeInvitation},
};
use domain::{
    error,
    ids::RoomId,
    invitations::{InviteOptions, Invited},
    pagination::Paginated,
    text::Isolated,
    users::UserSummary,
};
use leptos::prelude::*;

/// Users to invite into a room, and its invitation links.
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
    let InviteOptions { room, users, open, .. } = inviting;
    let (id, room) = (room, room.to_string());
    let open = open.map(|open| {
        let (users, room) = (waiting(t, &room, open.users), room.clone());
        view! {
            {users}
            <InviteLinks room links=open.links fresh=open.fresh />
        }
        .into_any()
    });
    view! {
        <section class="page-section">
            <h2>{t.users}</h2>
            <p class="page-hint">{t.users_hint}</p>
            {user_picker(t, id, users)}
        </section>
        {open}
    }
}

fn user_picker(t: &'static Invitations, room: RoomId, users: Paginated<UserSummary>) -> AnyView {
    if users.entries.is_empty() && users.query.is_empty() {
        return view! { <p class="no-results">{t.everybody_is_in}</p> }.into_any();
    }
    let words = i18n::users::words(page_context().language);
    let path = paths::room_invite(room);
    let state = FormState::of(InviteUsers::NAME);
    let refused = state.error(error::Field::Users);
    let (query, id) = (users.query.clone(), room.to_string());
    let found = found(&path, users);
    view! {
        <Search path query label=t.search hint=words.search_hint />
        <PlainForm name=InviteUsers::NAME class="choosing">
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

fn found(path: &str, users: Paginated<UserSummary>) -> AnyView {
    let words = i18n::users::words(page_context().language);
    let Paginated { query, entries: users, page, pages, .. } = users;
    if users.is_empty() {
        return view! { <p class="no-results" role="status">{(words.nobody)(Isolated(&query))}</p> }
            .into_any();
    }
    view! {
        <ul class="avatar-rows">{users.into_iter().map(choice).collect_view()}</ul>
        {(pages > 1).then(|| pager(words, path, &query, page, pages))}
    }
    .into_any()
}

fn choice(summary: UserSummary) -> AnyView {
    let name = summary.name.to_string();
    view! {
        <li>
            <label class="avatar-row avatar-row-choice">
                <Avatar id=summary.user.uuid() name=name.clone() avatar=summary.avatar />
                <span class="avatar-row-name">{name}</span>
                <input type="checkbox" name="users[]" value=summary.user.to_string() />
            </label>
        </li>
    }
    .into_any()
}

/// Users who are invited and have not answered.
fn waiting(t: &'static Invitations, room: &str, users: Vec<Invited>) -> Option<AnyView> {
    let row = |invited: Invited| {
        let name = invited.name.to_string();
        let (label, by) = ((t.withdraw_of)(Isolated(&name)), (t.by)(Isolated(invited.by.as_str())));
        let id = room.to_owned();
        view! {
            <li class="entry">
                <a class="avatar-row" href=paths::user(invited.user)>
                    <Avatar
                        id=invited.user.uuid()
                        name=name.clone()
                        avatar=invited.avatar
                    />
                    <span class="entry-text">
                        <span class="entry-name">{name}</span>
                        <span class="entry-second entry-line">{by}</span>
                    </span>
                </a>
                <PlainForm name=RevokeInvitation::NAME>
                    <input type="hidden" name="room" value=id />
                    <input type="hidden" name="user" value=invited.user.to_string() />
                    <button class="button button-quiet" aria-label=label>
                        {t.withdraw}
                    </button>
                </PlainForm>
            </li>
        }
        .into_any()
    };
    (!users.is_empty()).then(|| {
        view! {
            <section class="page-section">
                <h2>{t.invited}</h2>
                <p class="page-hint">{t.invited_hint}</p>
                <ErrorMessage form=RevokeInvitation::NAME />
                <ul class="entries">{users.into_iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}
