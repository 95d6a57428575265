//! Everybody here, page by page, and finding them as one types.

use crate::{
    components::{Avatar, Search},
    i18n::{self, people::People},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
};
use domain::{
    people::{Directory, UserSummary},
    text::Isolated,
};
use leptos::prelude::*;

/// All users, or those whose name matches.
#[derive(Debug)]
pub struct PeoplePage(pub Directory);

impl ServerPage for PeoplePage {
    fn title(&self, context: &PageContext) -> String {
        i18n::people::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(directory: Directory) -> impl IntoView {
    let t = i18n::people::words(page_context().language);
    let query = directory.query.clone();
    view! {
        <Search path=paths::PEOPLE.to_owned() query label=t.search hint=t.search_hint />
        <div id="found">{found(t, directory)}</div>
    }
}

fn found(t: &'static People, directory: Directory) -> AnyView {
    let Directory { query, people, found, page, pages } = directory;
    if people.is_empty() {
        return view! {
            <p class="found-none" role="status">{(t.nobody)(Isolated(&query))}</p>
            <a class="quiet-link" href=paths::PEOPLE>{t.everybody}</a>
        }
        .into_any();
    }
    let me = page_context().viewer.as_ref().map(|viewer| viewer.id);
    let row = |face: UserSummary| {
        let own = (Some(face.person) == me).then_some(t.me);
        view! { <li><FaceLink face note=own /></li> }.into_any()
    };
    view! {
        <p class="plain-hint" role="status">{(t.found)(found)}</p>
        <ul class="faces">{people.into_iter().map(row).collect_view()}</ul>
        {(pages > 1).then(|| pager(t, paths::PEOPLE, &query, page, pages))}
    }
    .into_any()
}

/// A person as a link to their card.
#[component]
pub fn FaceLink(face: UserSummary, note: Option<&'static str>) -> impl IntoView {
    let name = face.name.to_string();
    view! {
        <a class="face" href=paths::person(face.person)>
            <Avatar id=face.person.uuid() name=name.clone() picture=face.picture />
            <span class="face-name">{name}</span>
            {note.map(|note| view! { <span class="face-note">{note}</span> }.into_any())}
        </a>
    }
}

/// The pages before and after this one, of a list at this path.
pub fn pager(t: &'static People, path: &str, query: &str, page: usize, pages: usize) -> AnyView {
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
