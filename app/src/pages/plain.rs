//! The pages inside the house that the server draws alone: lists and forms around the conversations,
//! which are opened now and then. They load no WASM, and nothing of them is in it.

use crate::{
    components::{Icon, Problem, Settings},
    forms::{FormState, Refusal},
    i18n::{self, words},
    pages::account::AccountPage,
    visit::{Visit, visit},
};
use domain::sessions::Device;
use leptos::prelude::*;

/// What such a page shows. `server` reads it before the page is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// Where the viewer is signed in.
    Account(Vec<Device>),
}

impl Plain {
    /// Their addresses, as the router writes them.
    pub const PATHS: [&str; 1] = ["/account"];

    #[must_use]
    pub fn title(&self, visit: &Visit) -> String {
        match self {
            Self::Account(_) => i18n::account::words(visit.language).title.to_owned(),
        }
    }
}

/// The frame: the way back, what the page is, who is looking; then the page.
#[component]
pub fn PlainPage(page: Plain) -> impl IntoView {
    let title = page.title(&visit());
    let inside = match page {
        Plain::Account(devices) => view! { <AccountPage devices /> }.into_any(),
    };
    view! {
        <div class="plain">
            <header class="plain-head">
                <a href="/" class="icon-button" aria-label=words().back>
                    {Icon::Back.draw()}
                </a>
                <h1 class="plain-title">{title}</h1>
                <Settings />
            </header>
            <main class="plain-main" id="main" tabindex="-1">
                <Problem state=FormState::plain(Refusal::NO_FORM) />
                {inside}
            </main>
        </div>
    }
}
