//! The room on the screen: header, message list and composer; or a page of its history.

use crate::{
    boxed_effect::boxed_effect,
    components::{
        ConnectionBanner,
        composer::Composer,
        message_list::{MessageList, NewMessages},
        room_header::RoomHeader,
    },
    i18n::words,
    live::{self, live},
    page_context::page_context,
};
use domain::{
    ids::{RoomId, UserId},
    protocol::client::Client,
    timeline::Timeline,
    wire::HistoryPage,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The newest messages, live.
#[component]
pub fn Conversation(room: RoomId) -> impl IntoView {
    let live = live();
    let open = live.open;
    let newest = Signal::derive(move || open.read(Timeline::newest));
    let older_than =
        Signal::derive(move || open.read(|room| room.oldest().filter(|_| room.has_older())));
    let at_end = RwSignal::new(true);
    boxed_effect(move || {
        newest.track();
        let reading = at_end.get() && live.looking.get();
        live.rooms.show(reading.then_some(room));
        if let Some(read) = reading.then(|| open.newly_read()).flatten() {
            live.send_frame(read);
        }
    });
    on_cleanup(move || live.rooms.show(None));
    view! {
        <RoomHeader
            room
            title=Signal::derive(move || open.read(|room| Some(display_name(room))))
            kind=Signal::derive(move || open.read(|room| Some(room.details().kind)))
            members=Signal::derive(move || open.read(|room| room.members().cloned().collect()))
        />
        <ConnectionBanner />
        <MessageList
            room
            rows=open.rows()
            has_rows=Signal::derive(move || open.read(|room| !room.is_empty()))
            older_than
            at_end
        />
        <div class="dock">
            <NewMessages newest at_end />
            <Composer room at_end />
        </div>
    }
}

fn display_name(room: &Timeline) -> String {
    let t = words();
    room.display_name(t.left_member).unwrap_or(t.note_to_self).to_owned()
}

/// A page of older messages, for readers without scripts.
#[component]
pub fn HistoryView(me: UserId, page: HistoryPage) -> impl IntoView {
    let room = page.details.id;
    let mut client = Client::new(me);
    client.open(page);
    let rows = live::MessageList::empty();
    let rows = rows.next(&mut client, &page_context().clock, words().left_member);
    let Some(timeline) = client.room(room) else { return ().into_any() };
    let older_than = timeline.oldest().filter(|_| timeline.has_older());
    let (title, kind) = (Some(display_name(timeline)), Some(timeline.details().kind));
    let members = timeline.members().cloned().collect::<Vec<_>>();
    view! {
        <RoomHeader
            room
            title=Signal::stored(title)
            kind=Signal::stored(kind)
            members=Signal::stored(members)
        />
        <MessageList
            room
            rows=Arc::new(rows)
            has_rows=Signal::stored(!timeline.is_empty())
            older_than=Signal::stored(older_than)
        />
        <div class="dock">
            <a class="button button-quiet to-newest" href=crate::paths::room(room) rel="external">
                {words().newest}
            </a>
        </div>
    }
    .into_any()
}
