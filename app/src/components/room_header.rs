//! The head of a conversation: the way back, the title, who is in the room and its link.

use crate::{
    components::{
        Avatar, Icon,
        card_link::card_link,
        list::{Item, list},
    },
    i18n::words,
    live::live,
    visit::visit,
};
use domain::{
    ids::RoomId,
    rooms::{Member, RoomKind},
};
use leptos::prelude::*;

#[component]
pub fn RoomHeader(
    room: RoomId,
    title: Signal<Option<String>>,
    kind: Signal<Option<RoomKind>>,
    members: Signal<Vec<Member>>,
) -> impl IntoView {
    let t = words();
    let direct = Signal::derive(move || kind.get() == Some(RoomKind::Direct));
    let closed = Signal::derive(move || kind.get() != Some(RoomKind::Open));
    let count = Signal::derive(move || Some((t.people)(members.with(Vec::len))));
    let link = format!("{}/room/{room}", visit().origin);
    view! {
        <header class="room-header">
            <a href="/" class="icon-button back" aria-label=t.back>
                {Icon::Back.draw()}
            </a>
            <h1 class="room-name">{title}</h1>
            // Another document: the router is not asked.
            <a
                href=format!("/room/{room}/settings")
                rel="external"
                class="icon-button"
                aria-label=t.room_settings
                hidden=direct
            >
                {Icon::Settings.draw()}
            </a>
            <details class="menu" name="menu">
                <summary class="people-button">
                    {Icon::People.draw()} <span>{count}</span>
                </summary>
                <div class="menu-body people">
                    <ul class="people-list">
                        {list(move || members.get().into_iter().map(item).collect())}
                    </ul>
                    <label class="room-address" hidden=closed>
                        <span class="menu-title">{t.room_link}</span>
                        <input type="text" readonly value=link />
                        <span class="field-hint">{t.room_link_hint}</span>
                    </label>
                </div>
            </details>
        </header>
    }
}

fn item(member: Member) -> Item {
    Item::new(format!("{} {}", member.person, member.rev.0), || member_row(member))
}

fn member_row(member: Member) -> AnyView {
    let name = member.called(words().left_member).to_owned();
    let me = live().me == Some(member.person);
    let (id, picture) = (member.person.uuid(), member.picture);
    let who = view! {
        <Avatar id name=name.clone() picture />
        <span class="people-name">{name}</span>
    }
    .into_any();
    view! {
        <li>
            {card_link(Some(member.person), "people-who", false, who)}
            {me.then(|| view! { <span class="people-me">{words().me}</span> }.into_any())}
        </li>
    }
    .into_any()
}
