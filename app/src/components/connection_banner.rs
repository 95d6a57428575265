//! A thin line while the connection is gone. Never a dialog: reading and writing go on.

use crate::{
    components::sentence::sentence,
    i18n::words,
    live::{ConnectionState, live},
};
use leptos::prelude::*;

#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let live = live();
    let said = Signal::derive(move || match live.link.get() {
        ConnectionState::Opening | ConnectionState::Open => None,
        ConnectionState::Reconnecting => Some(words().reconnecting.to_owned()),
        ConnectionState::Offline => Some(words().offline.to_owned()),
    });
    let link = Signal::derive(move || Some(live.link.get().code().to_owned()));
    view! {
        <div class="link-banner" role="status" data-link=link>
            {sentence(said)}
        </div>
    }
}
