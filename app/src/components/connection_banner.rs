//! A banner while the connection is lost. It is no dialog: reading and writing continue.

use crate::{
    components::optional_text::optional_text,
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
        <div class="connection-banner" role="status" data-link=link>
            {optional_text(said)}
        </div>
    }
}
