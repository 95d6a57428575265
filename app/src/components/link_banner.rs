//! A thin line while the connection is gone. Never a dialog: reading and writing go on.

use crate::{
    i18n::words,
    live::{Link, live},
};
use leptos::prelude::*;

#[component]
pub fn LinkBanner() -> impl IntoView {
    let live = live();
    let sentence = move || match live.link.get() {
        Link::Opening | Link::Open => None,
        Link::Reconnecting => Some(words().reconnecting),
        Link::Offline => Some(words().offline),
    };
    view! {
        <div class="link-banner" role="status" data-link=move || live.link.get().code()>
            {move || sentence().map(|sentence| view! { <p>{sentence}</p> })}
        </div>
    }
}
