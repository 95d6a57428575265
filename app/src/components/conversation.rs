//! The room on the screen: header, message list and composer.

use crate::{
    boxed_effect::boxed_effect,
    components::{
        ConnectionBanner, Icon,
        composer::Composer,
        message_list::{MessageList, NewMessages},
        room_header::RoomHeader,
    },
    i18n::words,
    live::live,
    paths,
};
use domain::{ids::RoomId, timeline::Timeline};
use leptos::prelude::*;

/// A page of its history, live: the newest, or one of the past, which grows to both ends.
#[component]
pub fn Conversation(room: RoomId) -> impl IntoView {
    let live = live();
    let open = live.open;
    let newest = Signal::derive(move || open.read(Timeline::newest));
    let is_past = Signal::derive(move || open.read(Timeline::has_newer));
    let is_newest = Signal::derive(move || !is_past.get());
    let at_end = RwSignal::new(true);
    boxed_effect(move || {
        newest.track();
        let reading = at_end.get() && live.looking.get() && !is_past.get();
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
            at_end
        />
        <div class="dock">
            <NewMessages newest at_end is_past />
            <a class="to-newest" href=paths::room(room) hidden=is_newest>
                {Icon::Down.draw()}
                {words().newest}
            </a>
            <Composer room at_end />
        </div>
    }
}

fn display_name(room: &Timeline) -> String {
    let t = words();
    room.display_name(t.left_member).unwrap_or(t.note_to_self).to_owned()
}
