//! The directory of users, page by page, with a search while typing.

use crate::{
    components::{Avatar, Search},
    i18n::{self, users::Users},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
};
use domain::{pagination::Paginated, text::Isolated, users::UserSummary};
use leptos::prelude::*;

/// All users, or those whose name matches.
#[derive(Debug)]
pub struct UsersPage(pub Paginated<UserSummary>);

impl ServerPage for UsersPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::users::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(directory: Paginated<UserSummary>) -> impl IntoView {
    let t = i18n::users::words(page_context().language);
    let query = directory.query.clone();
    view! {
        <Search path=paths::USERS.to_owned() query label=t.search hint=t.search_hint />
        <div id="found">{found(t, directory)}</div>
    }
}

fn found(t: &'static Users, directory: Paginated<UserSummary>) -> AnyView {
    let Paginated { query, entries: users, found, page, pages } = directory;
    if users.is_empty() {
        return view! {
            <p class="no-results" role="status">{(t.nobody)(Isolated(&query))}</p>
            <a class="quiet-link" href=paths::USERS>{t.everybody}</a>
        }
        .into_any();
    }
    let me = page_context().viewer.as_ref().map(|viewer| viewer.id);
    let row = |summary: UserSummary| {
        let own = (Some(summary.user) == me).then_some(t.me);
        view! { <li><UserLink summary note=own /></li> }.into_any()
    };
    view! {
        <p class="page-hint" role="status">{(t.found)(found)}</p>
        <ul class="avatar-rows">{users.into_iter().map(row).collect_view()}</ul>
        {(pages > 1).then(|| pager(t, paths::USERS, &query, page, pages))}
    }
    .into_any()
}

/// A user as a link to their card.
#[component]
pub fn UserLink(summary: UserSummary, note: Option<&'static str>) -> impl IntoView {
    let name = summary.name.to_string();
    view! {
        <a class="avatar-row" href=paths::user(summary.user)>
            <Avatar id=summary.user.uuid() name=name.clone() avatar=summary.avatar />
            <span class="avatar-row-name">{name}</span>
            {note.map(|note| view! { <span class="avatar-row-note">{note}</span> }.into_any())}
        </a>
    }
}

/// The links to the pages before and after this one, of a list at this path.
pub fn pager(t: &'static Users, path: &str, query: &str, page: usize, pages: usize) -> AnyView {
    let link = |to: usize, there: bool, label: &'static str, rel: &'static str| {
        let href = paths::list_page(path, query, to);
        there.then(|| {
            view! { <a class="button button-quiet" href=href rel=rel>{label}</a> }.into_any()
        })
    };
    view! {
        <nav class="pager" aria-label=t.pages>
            <span>{link(page - 1, page > 1, t.before, "prev")}</span>
            <span class="pager-here">{(t.page_of)(page, pages)}</span>
            <span>{link(page + 1, page < pages, t.after, "next")}</span>
        </nav>
    }
    .into_any()
}
