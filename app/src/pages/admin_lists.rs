//! The administrator's lists: users, rooms, and the audit log.

use crate::{
    components::{Avatar, Icon, Search},
    i18n::{self, Named, admin::Admin, words},
    page_context::{PageContext, page_context},
    pages::{
        admin::sections,
        server_page::{BackLink, Layout, ServerPage},
        users::pager,
    },
    paths,
};
use domain::{
    admin::{AdminRoomSummary, AdminUserSummary, AuditLogEntry, InstanceRole},
    clock::Millis,
    pagination::Paginated,
    rooms::Visibility,
    text::Isolated,
};
use leptos::prelude::*;

fn moment(at: Millis) -> String {
    words().moment(&page_context().clock, at, page_context().now)
}

/// The navigation between the pages of a list, if it has several.
fn leaf_through<T>(path: &str, leaf: &Paginated<T>) -> Option<AnyView> {
    let t = i18n::users::words(page_context().language);
    (leaf.pages > 1).then(|| pager(t, path, &leaf.query, leaf.page, leaf.pages))
}

/// An entry of one of the lists.
pub trait Listed: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// The path of the list.
    const PATH: &'static str;

    /// A page of it, rendered.
    fn list(leaf: Paginated<Self>) -> AnyView;
}

/// A page of one of these lists.
#[derive(Debug)]
pub struct AdminListPage<T>(pub Paginated<T>);

impl<T: Listed> ServerPage for AdminListPage<T> {
    fn title(&self, context: &PageContext) -> String {
        i18n::admin::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        view! {
            {sections(T::PATH)}
            {T::list(self.0.clone())}
        }
        .into_any()
    }
}

/// All users, or those that match the search.
impl Listed for AdminUserSummary {
    const PATH: &'static str = paths::ADMIN_USERS;

    fn list(leaf: Paginated<Self>) -> AnyView {
        users(leaf).into_any()
    }
}

fn users(leaf: Paginated<AdminUserSummary>) -> impl IntoView {
    let t = i18n::admin::words(page_context().language);
    let query = leaf.query.clone();
    view! {
        <Search path=paths::ADMIN_USERS.to_owned() query label=t.search hint=t.search_hint />
        <div id="found">{found(t, leaf)}</div>
    }
}

fn found(t: &'static Admin, leaf: Paginated<AdminUserSummary>) -> AnyView {
    if leaf.entries.is_empty() {
        return view! { <p class="no-results" role="status">{(t.nobody)(Isolated(&leaf.query))}</p> }
            .into_any();
    }
    let pages = leaf_through(paths::ADMIN_USERS, &leaf);
    let rows = leaf.entries.into_iter().map(|each| admin_user(t, each)).collect_view();
    view! {
        <p class="page-hint" role="status">{(t.found)(leaf.found)}</p>
        <ul class="entries">{rows}</ul>
        {pages}
    }
    .into_any()
}

fn admin_user(t: &'static Admin, admin_user: AdminUserSummary) -> AnyView {
    let name = admin_user.summary.name.to_string();
    let notes = [
        admin_user.suspended.then_some(t.suspended),
        (admin_user.role == InstanceRole::Administrator).then_some(t.administrator),
    ];
    let note = |note| view! { <span class="avatar-row-note">{note}</span> }.into_any();
    view! {
        <li class="entry">
            <a class="avatar-row" href=paths::admin_user(admin_user.summary.user)>
                <Avatar
                    id=admin_user.summary.user.uuid()
                    name=name.clone()
                    avatar=admin_user.summary.avatar
                />
                <span class="entry-text">
                    <span class="entry-name">{name}</span>
                    <span class="entry-second entry-line">{admin_user.email}</span>
                </span>
                {notes.into_iter().flatten().map(note).collect_view()}
            </a>
        </li>
    }
    .into_any()
}

/// All rooms, without their messages.
impl Listed for AdminRoomSummary {
    const PATH: &'static str = paths::ADMIN_ROOMS;

    fn list(leaf: Paginated<Self>) -> AnyView {
        rooms(leaf).into_any()
    }
}

fn rooms(leaf: Paginated<AdminRoomSummary>) -> impl IntoView {
    let t = i18n::admin::words(page_context().language);
    let none = leaf.entries.is_empty();
    let pages = leaf_through(paths::ADMIN_ROOMS, &leaf);
    let row = |room: AdminRoomSummary| {
        let title = room.title.to_string();
        let state = (t.room_state)(room.members, room.messages, &moment(room.active_at));
        let kind = match room.visibility {
            Visibility::Open => t.open,
            Visibility::Private => t.private,
        };
        view! {
            <li class="entry">
                <Avatar id=room.id.uuid() name=title.clone() room=true />
                <span class="entry-text">
                    <span class="entry-name">{title}</span>
                    <span class="entry-second entry-line">{state}</span>
                </span>
                <span class="avatar-row-note entry-end">{kind}</span>
            </li>
        }
        .into_any()
    };
    view! {
        {none.then(|| view! { <p class="no-results">{t.no_rooms}</p> }.into_any())}
        <ul class="entries">{leaf.entries.into_iter().map(row).collect_view()}</ul>
        {pages}
    }
}

/// The audit log.
impl Listed for AuditLogEntry {
    const PATH: &'static str = paths::ADMIN_LOG;

    fn list(leaf: Paginated<Self>) -> AnyView {
        log(leaf).into_any()
    }
}

fn log(leaf: Paginated<AuditLogEntry>) -> impl IntoView {
    let t = i18n::admin::words(page_context().language);
    let none = leaf.entries.is_empty();
    let pages = leaf_through(paths::ADMIN_LOG, &leaf);
    let row = |entry: AuditLogEntry| {
        let (actor, target) = (Named::of(entry.actor.as_ref()), Named::of(entry.target.as_ref()));
        let there = entry.target.as_ref().and_then(|who| Some((who.id, who.name.as_ref()?)));
        let way = there.map(|(id, name)| {
            let way = paths::admin_user(id);
            view! {
                <a class="icon-button entry-end" href=way aria-label=name.to_string()>
                    {Icon::Users.draw()}
                </a>
            }
            .into_any()
        });
        view! {
            <li class="entry">
                <span class="entry-text">
                    <span class="entry-action">{(t.did)(entry.action, actor, target)}</span>
                    <span class="entry-second">{moment(entry.at)}</span>
                </span>
                {way}
            </li>
        }
        .into_any()
    };
    view! {
        {none.then(|| view! { <p class="no-results">{t.no_audit_entries}</p> }.into_any())}
        <ul class="entries">{leaf.entries.into_iter().map(row).collect_view()}</ul>
        {pages}
    }
}
