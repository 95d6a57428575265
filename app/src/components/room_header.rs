//! The header of a conversation: the way back, the title, the members and the room's link.

use crate::{
    components::{
        Avatar, Icon,
        card_link::card_link,
        html_key::{HtmlKey, Shows},
        list::{KeyedView, list},
    },
    context::{OnServer, written_element},
    i18n::words,
    live::live,
    page_context::page_context,
    paths,
};
use domain::{
    ids::RoomId,
    message_list::ItemId,
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
    let html_key = OnServer::new(|| HtmlKey {
        language: page_context().language,
        shows: Shows::Header {
            room,
            title: title.get_untracked(),
            kind: kind.get_untracked(),
            members: members.get_untracked(),
            me: live().me,
            origin: page_context().origin.clone(),
        },
    });
    written_element(html_key, move || header(room, title, kind, members))
}

fn header(
    room: RoomId,
    title: Signal<Option<String>>,
    kind: Signal<Option<RoomKind>>,
    members: Signal<Vec<Member>>,
) -> AnyView {
    let t = words();
    let direct = Signal::derive(move || kind.get() == Some(RoomKind::Direct));
    let unlisted = Signal::derive(move || kind.get() != Some(RoomKind::Open));
    let count = Signal::derive(move || Some((t.users)(members.with(Vec::len))));
    view! {
        <header class="room-header" class:room-direct=direct class:room-unlisted=unlisted>
            <a href="/" class="icon-button back" aria-label=t.back>
                {Icon::Back.draw()}
            </a>
            <h1 class="room-name">{title}</h1>
            <span class="room-settings" inner_html=settings(room)></span>
            <details class="menu" name="menu">
                <summary class="people-button">
                    {Icon::Users.draw()} <span>{count}</span>
                </summary>
                <div class="menu-body people">
                    <ul class="people-list">
                        {list(move || members.get().into_iter().map(item).collect())}
                    </ul>
                    <div class="room-ways" inner_html=ways(room)></div>
                </div>
            </details>
        </header>
    }
    .into_any()
}

/// The links never change, so they are written as text: each kind of element more would be compiled into the
/// WASM. They lead to other documents, so the router is not used.
fn settings(room: RoomId) -> String {
    let href = paths::room_settings(room);
    let (label, path) = (words().room_settings, Icon::Settings.path());
    format!(
        "<a href=\"{href}\" rel=\"external\" class=\"icon-button\" aria-label=\"{label}\">\
         <svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"{path}\"></path></svg></a>"
    )
}

fn ways(room: RoomId) -> String {
    let t = words();
    let (to_invite, path) = (paths::room_invite(room), paths::room(room));
    let (invite, title, hint) = (t.invite, t.room_link, t.room_link_hint);
    // The origin may have been taken from the request.
    let origin = page_context().origin.replace(['"', '&', '<'], "");
    format!(
        "<a href=\"{to_invite}\" rel=\"external\" class=\"button button-second\">{invite}</a>\
         <label class=\"room-address\"><span class=\"menu-title\">{title}</span>\
         <input type=\"text\" readonly value=\"{origin}{path}\"><span class=\"field-hint\">{hint}</span></label>"
    )
}

fn item(member: Member) -> KeyedView {
    let key = ItemId::new(member.user.uuid().as_u128(), member.rev.0);
    let html_key = OnServer::new(|| HtmlKey {
        language: page_context().language,
        shows: Shows::Member { member: member.clone(), is_me: live().me == Some(member.user) },
    });
    KeyedView::stored(key, html_key, || member_row(member))
}

fn member_row(member: Member) -> AnyView {
    let name = member.display_name(words().left_member).to_owned();
    let me = live().me == Some(member.user);
    let (id, avatar) = (member.user.uuid(), member.avatar);
    let who = view! {
        <Avatar id name=name.clone() avatar />
        <span class="people-name">{name}</span>
    }
    .into_any();
    view! {
        <li>
            {card_link(Some(member.user), "people-who", false, who)}
            {me.then(|| view! { <span class="people-self">{words().me}</span> }.into_any())}
        </li>
    }
    .into_any()
}
