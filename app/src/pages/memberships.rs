//! The members of a room, and what its owner and moderators can do about them.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm, Search},
    forms::Form,
    i18n::{self, rooms::Rooms, words},
    page_context::page_context,
    pages::users::pager,
    paths,
    server_fns::{BanMember, ChangeRole, RemoveMember, TransferOwnership, UnbanMember},
};
use domain::{
    admin::ADMIN_PER_PAGE,
    memberships::{Membership, Role},
    pagination::Paginated,
    policy::{Action, MembershipStatus, allowed},
    rooms::{RoomSettings, Visibility},
    text::Isolated,
};
use leptos::prelude::*;

/// The actions on a member, each with a form of its own.
const FORMS: [&str; 4] =
    [ChangeRole::NAME, TransferOwnership::NAME, RemoveMember::NAME, BanMember::NAME];

#[component]
pub fn Members(settings: RoomSettings) -> impl IntoView {
    let t = i18n::rooms::words(page_context().language);
    let errors = FORMS.map(|form| view! { <ErrorMessage form=form /> }.into_any());
    let path = paths::room_settings(settings.id);
    let found = found(t, &settings, &path);
    let searching = (settings.headcount > ADMIN_PER_PAGE).then(|| {
        let words = i18n::users::words(page_context().language);
        let query = settings.members.query.clone();
        view! { <Search path query label=words.search hint=words.search_hint /> }.into_any()
    });
    view! {
        <section class="page-section">
            <h2>{t.members} " " <span class="count">{settings.headcount}</span></h2>
            {errors.collect_view()}
            <a class="button button-second" href=paths::room_invite(settings.id)>
                {words().invite}
            </a>
            {searching}
            <div id="found">{found}</div>
        </section>
    }
}

fn found(t: &'static Rooms, settings: &RoomSettings, path: &str) -> AnyView {
    let words = i18n::users::words(page_context().language);
    let Paginated { query, entries, page, pages, .. } = &settings.members;
    if entries.is_empty() {
        let nobody = (words.nobody)(Isolated(query));
        return view! { <p class="no-results" role="status">{nobody}</p> }.into_any();
    }
    let rows = entries.iter().map(|member| row(t, settings, member)).collect_view();
    view! {
        <ul class="entries">{rows}</ul>
        {(*pages > 1).then(|| pager(words, path, query, *page, *pages))}
    }
    .into_any()
}

/// The banned users, each with a button to lift the ban.
#[component]
pub fn Banned(settings: RoomSettings) -> impl IntoView {
    let t = i18n::rooms::words(page_context().language);
    let room = settings.id.to_string();
    let row = |member: Membership| {
        let label = (t.pardon_of)(Isolated(member.name.as_str()));
        let hidden = hidden(&room, &member);
        view! {
            <li class="entry">
                {summary(t, &member, None)}
                <PlainForm name=UnbanMember::NAME class="entry-quiet">
                    {hidden}
                    <button class="button button-quiet" aria-label=label>
                        {t.pardon}
                    </button>
                </PlainForm>
            </li>
        }
        .into_any()
    };
    (!settings.banned.is_empty()).then(|| {
        view! {
            <section class="page-section">
                <h2>{t.banned}</h2>
                <p class="page-hint">{t.banned_hint}</p>
                <ErrorMessage form=UnbanMember::NAME />
                <ul class="entries">{settings.banned.into_iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn role(t: &Rooms, role: Role) -> &'static str {
    match role {
        Role::Owner => t.owner,
        Role::Moderator => t.moderator,
        Role::Member => t.member,
    }
}

fn row(t: &'static Rooms, settings: &RoomSettings, member: &Membership) -> AnyView {
    let note = (member.role != Role::Member).then(|| role(t, member.role));
    let may = |action: fn(MembershipStatus) -> Action| {
        let action = action(MembershipStatus::Member(member.role));
        allowed(action, MembershipStatus::Member(settings.role), settings.visibility.into())
    };
    let room = settings.id.to_string();
    let choices = [
        may(Action::ChangeRole).then(|| appoint(t, &room, member)),
        may(Action::TransferOwnership).then(|| {
            let hint = (t.hand_over_hint)(Isolated(member.name.as_str()));
            confirm_form(TransferOwnership::NAME, t.hand_over, hint, &room, member)
        }),
        may(Action::Remove).then(|| {
            let hint = match settings.visibility {
                Visibility::Open => t.remove_open_hint,
                Visibility::Private => t.remove_private_hint,
            };
            confirm_form(RemoveMember::NAME, t.remove, hint.to_owned(), &room, member)
        }),
        may(Action::Ban)
            .then(|| confirm_form(BanMember::NAME, t.ban, t.ban_hint.to_owned(), &room, member)),
    ];
    let label = (t.manage_of)(Isolated(member.name.as_str()));
    let manage = choices.iter().any(Option::is_some).then(|| {
        view! {
            <details class="manage">
                <summary class="button button-quiet" aria-label=label>
                    {t.manage}
                </summary>
                <div class="manage-body">{choices.into_iter().flatten().collect_view()}</div>
            </details>
        }
        .into_any()
    });
    view! { <li class="entry entry-manage">{summary(t, member, note)} {manage}</li> }.into_any()
}

fn summary(t: &'static Rooms, member: &Membership, role: Option<&'static str>) -> AnyView {
    let name = member.name.to_string();
    let me = page_context().viewer.as_ref().is_some_and(|viewer| viewer.id == member.user);
    let notes = [me.then_some(t.me), role].into_iter().flatten();
    let notes = notes.map(|note| view! { <span class="avatar-row-note">{note}</span> }.into_any());
    view! {
        <a class="avatar-row" href=paths::user(member.user)>
            <Avatar id=member.user.uuid() name=name.clone() avatar=member.avatar />
            <span class="avatar-row-name">{name}</span>
            {notes.collect_view()}
        </a>
    }
    .into_any()
}

fn hidden(room: &str, member: &Membership) -> AnyView {
    view! {
        <input type="hidden" name="room" value=room.to_owned() />
        <input type="hidden" name="user" value=member.user.to_string() />
    }
    .into_any()
}

fn appoint(t: &'static Rooms, room: &str, member: &Membership) -> AnyView {
    let options = Role::ALL.map(|each| {
        let chosen = each == member.role;
        view! { <option value=each.code() selected=chosen>{role(t, each)}</option> }.into_any()
    });
    let (id, hidden) = (format!("role-{}", member.user), hidden(room, member));
    let label = (t.role_of)(Isolated(member.name.as_str()));
    view! {
        <PlainForm name=ChangeRole::NAME class="manage-choice">
            {hidden}
            <label for=id.clone()>
                <span aria-hidden="true">{t.role}</span>
                <span class="visually-hidden">{label}</span>
            </label>
            <span class="manage-pick">
                <select id=id name="role">{options.collect_view()}</select>
                <button class="button button-quiet">{t.change}</button>
            </span>
        </PlainForm>
    }
    .into_any()
}

/// An action on a member that asks for confirmation and explains its consequences.
fn confirm_form(
    form: &'static str,
    label: &'static str,
    hint: String,
    room: &str,
    member: &Membership,
) -> AnyView {
    let voice = if form == TransferOwnership::NAME {
        "button button-second"
    } else {
        "button button-danger"
    };
    let hidden = hidden(room, member);
    view! {
        <PlainForm name=form class="manage-choice">
            {hidden}
            <p class="page-hint">{hint}</p>
            <button class=voice>{label}</button>
        </PlainForm>
    }
    .into_any()
}
