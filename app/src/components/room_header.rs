//! The head of a conversation: the way back, the title, who is in the room and its link.

use crate::{
    components::{Avatar, Icon},
    i18n::words,
    live::live,
    visit::visit,
};
use domain::{ids::RoomId, rooms::Member};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn RoomHeader(
    room: RoomId,
    #[prop(into)] title: Signal<Option<String>>,
    members: Memo<Vec<Member>>,
) -> impl IntoView {
    let t = words();
    let count = Signal::derive(move || Some((t.people)(members.with(Vec::len))));
    let link = visit().with_value(|visit| format!("{}/room/{room}", visit.origin));
    view! {
        <header class="room-header">
            <A href="/" attr:class="icon-button back" attr:aria-label=t.back>
                {Icon::Back.draw()}
            </A>
            <h1 class="room-name">{title}</h1>
            <details class="menu" name="menu">
                <summary class="people-button">
                    {Icon::People.draw()} <span>{count}</span>
                </summary>
                <div class="menu-body people">
                    <ul class="people-list">
                        <For
                            each=move || members.get()
                            key=|member: &Member| (member.person, member.rev)
                            children=|member| view! { <MemberRow member /> }
                        />
                    </ul>
                    <label class="room-address">
                        <span class="menu-title">{t.room_link}</span>
                        <input type="text" readonly value=link />
                        <span class="field-hint">{t.room_link_hint}</span>
                    </label>
                </div>
            </details>
        </header>
    }
}

#[component]
fn MemberRow(member: Member) -> impl IntoView {
    let name = member.name.to_string();
    let me = live().me == Some(member.person);
    view! {
        <li>
            <Avatar id=member.person.uuid() name=name.clone() />
            <span class="people-name">{name}</span>
            {me.then(|| view! { <span class="people-me">{words().me}</span> })}
        </li>
    }
}
