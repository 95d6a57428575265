//! The user's rooms, the one with the newest activity first.

use crate::{
    components::{
        Avatar,
        html_key::{HtmlKey, Shows},
        list::{Content, Keyed, KeyedView, list, reconcile, redrawn},
    },
    context::{ON_SERVER, OnServer},
    i18n::words,
    live::{keep_focus, live},
    page_context::page_context,
};
use domain::{
    ids::UserId,
    message_list::ItemId,
    name_search::Query,
    rooms::{MAX_UNREAD, RoomSummary, RoomTitle},
    text::Isolated,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Shorter lists have no filter.
const MIN_FILTERED: usize = 8;

#[component]
pub fn RoomList() -> impl IntoView {
    let t = words();
    let rooms = live().rooms;
    let has_rooms = Signal::derive(move || rooms.read(|rooms| rooms.iter().any(is_listed)));
    let typed = Content::new(String::new());
    let (of_few, of_found) = (typed.clone(), typed.clone());
    let few = Signal::derive(move || {
        of_few.get().trim().is_empty() && rooms.read(|rooms| rooms.len() < MIN_FILTERED)
    });
    let known = Content::new(Vec::new());
    let found = move || {
        if !ON_SERVER {
            // Moving a room to the front moves elements in the document, which can lose the focus.
            keep_focus();
        }
        let query = Query::new(&of_found.get());
        let found = |room: &&RoomSummary| is_listed(room) && query.finds(display_name(room));
        let row = |room: &RoomSummary| (ItemId::new(room.id.uuid().as_u128(), 0), room.clone());
        let now = rooms.read(|rooms| rooms.iter().filter(found).map(row).collect());
        let rows = reconcile(&known.get_untracked(), now);
        known.set(rows.clone());
        rows.into_iter().map(item).collect()
    };
    view! {
        <input
            type="search"
            class="rooms-filter"
            hidden=few
            placeholder=t.find_room
            aria-label=t.find_room
            autocomplete="off"
            on:input=move |event| typed.set(event_target_value(&event))
        />
        <ul class="rooms">{list(found)}</ul>
        <p class="rooms-empty" hidden=has_rooms>{t.no_rooms}</p>
    }
}

/// A new one-to-one room is shown to the other user only once it has a message.
const fn is_listed(room: &RoomSummary) -> bool {
    room.with.is_none() || room.last.is_some()
}

fn display_name(room: &RoomSummary) -> &str {
    if room.with.is_some() && room.with == live().me {
        return words().note_to_self;
    }
    room.title.as_ref().map_or(words().left_member, RoomTitle::as_str)
}

/// Drawn once, and again only when what it says of the room changes.
fn item((key, room): Keyed<RoomSummary>) -> KeyedView {
    let html_key = OnServer::new(|| html_key(room.get_untracked()));
    KeyedView::stored(key, html_key, || redrawn(move || room_row(room.get())))
}

fn html_key(room: RoomSummary) -> HtmlKey {
    let (context, now) = (page_context(), live().rooms.now.get_untracked());
    let path = use_location().pathname;
    let shows = Shows::Room {
        title: display_name(&room).to_owned(),
        when: words().moment(&context.clock, room.active_at, now),
        is_current: path.with_untracked(|path| *path == crate::paths::room(room.id)),
        room,
    };
    HtmlKey { language: context.language, shows }
}

fn room_row(room: RoomSummary) -> AnyView {
    let t = words();
    let href = crate::paths::room(room.id);
    let path = use_location().pathname;
    let current = {
        let href = href.clone();
        Signal::derive(move || (path.get() == href).then(|| "page".to_owned()))
    };
    let now = live().rooms.now;
    let when =
        Signal::derive(move || Some(t.moment(&page_context().clock, room.active_at, now.get())));
    let (title, short) = (display_name(&room).to_owned(), room.id.short());
    // A one-to-one room has the other user's colour.
    let summary = room.with.map_or(room.id.uuid(), UserId::uuid);
    let invited = room.invited_by.map(|by| (t.invited_by)(Isolated(by.as_str())));
    let pill = match (&invited, room.unread) {
        (Some(invited), _) => Some((t.invited.to_owned(), invited.clone())),
        (None, 0) => None,
        (None, MAX_UNREAD..) => Some(("99+".to_owned(), (t.unread)("99+"))),
        (None, count) => Some((count.to_string(), (t.unread)(&count.to_string()))),
    };
    let pill = pill.map(|(seen, heard)| {
        view! {
            <span class="pill">
                <span aria-hidden="true">{seen}</span>
                <span class="visually-hidden">{heard}</span>
            </span>
        }
        .into_any()
    });
    let (open, id) = (live().open, room.id);
    let all_sent = Signal::derive(move || !open.is_unsent(id));
    let last = invited.or_else(|| room.last.map(|last| last.text.preview()));
    let nothing = last.is_none();
    view! {
        <li class="room">
            <a href=href class="room-link" aria-current=current data-noscroll>
                <Avatar
                    id=summary
                    name=room.title.map(|title| title.to_string()).unwrap_or_default()
                    avatar=room.avatar
                    room=room.with.is_none()
                />
                <span class="room-title">
                    <span class="visually-hidden">{(t.enter_of)(Isolated(&title), &short)}". "</span>
                    <span aria-hidden="true">{title.clone()}</span>
                </span>
                <time class="room-when">{when}</time>
                <span class="room-last" class:room-last-none=nothing>
                    {last.unwrap_or_else(|| t.no_lines.to_owned())}
                </span>
                {pill}
                <span class="room-id" aria-hidden="true">{(t.enter_short)(&short)}</span>
                <span class="room-unsent" hidden=all_sent>{t.unsent}</span>
            </a>
        </li>
    }
    .into_any()
}
