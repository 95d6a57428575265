//! The open rooms, page by page, with a search while typing.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm, Search},
    forms::Form,
    i18n::{self, rooms::Rooms},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    pages::users::pager,
    paths,
    server_fns::JoinRoom,
};
use domain::{pagination::Paginated, rooms::ListedRoom, text::Isolated};
use leptos::prelude::*;

/// The listed rooms, or those whose title matches.
#[derive(Debug)]
pub struct RoomsPage(pub Paginated<ListedRoom>);

impl ServerPage for RoomsPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::rooms::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(rooms: Paginated<ListedRoom>) -> impl IntoView {
    let t = i18n::rooms::words(page_context().language);
    let query = rooms.query.clone();
    view! {
        <p class="page-hint">{t.hint}</p>
        <Search path=paths::ROOMS.to_owned() query label=t.search hint=t.search_hint />
        <ErrorMessage form=JoinRoom::NAME />
        <div id="found">{found(t, rooms)}</div>
    }
}

fn found(t: &'static Rooms, rooms: Paginated<ListedRoom>) -> AnyView {
    let Paginated { query, entries: rooms, found, page, pages } = rooms;
    if rooms.is_empty() && query.is_empty() {
        return view! {
            <p class="no-results">{t.none_yet}</p>
            <a class="quiet-link" href=paths::HOME>{i18n::words().to_home}</a>
        }
        .into_any();
    }
    if rooms.is_empty() {
        return view! {
            <p class="no-results" role="status">{(t.nothing)(Isolated(&query))}</p>
            <a class="quiet-link" href=paths::ROOMS>{t.all}</a>
        }
        .into_any();
    }
    let words = i18n::users::words(page_context().language);
    view! {
        <p class="page-hint" role="status">{(t.found)(found)}</p>
        <ul class="entries">{rooms.into_iter().map(|room| row(t, room)).collect_view()}</ul>
        {(pages > 1).then(|| pager(words, paths::ROOMS, &query, page, pages))}
    }
    .into_any()
}

fn row(t: &'static Rooms, room: ListedRoom) -> AnyView {
    let ListedRoom { preview, is_in } = room;
    let title = preview.title.to_string();
    let label = (t.enter_of)(Isolated(&title));
    let href = paths::room(preview.id);
    let details = match preview.description.as_str() {
        "" => (t.users)(preview.members),
        text => format!("{} · {}", (t.users)(preview.members), Isolated(text)),
    };
    let way_in = if is_in {
        view! { <span class="avatar-row-note entry-end">{t.is_in}</span> }.into_any()
    } else {
        view! {
            <PlainForm name=JoinRoom::NAME>
                <input type="hidden" name="room" value=preview.id.to_string() />
                <button class="button button-second" aria-label=label>
                    {t.enter}
                </button>
            </PlainForm>
        }
        .into_any()
    };
    view! {
        <li class="entry">
            <a class="avatar-row" href=href>
                <Avatar id=preview.id.uuid() name=title.clone() avatar=preview.avatar room=true />
                <span class="entry-text">
                    <span class="entry-name">{title}</span>
                    <span class="entry-second entry-line">{details}</span>
                </span>
            </a>
            {way_in}
        </li>
    }
    .into_any()
}
