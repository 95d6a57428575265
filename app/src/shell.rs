//! The documents that the server sends, and the content of the one that hydrates.

use crate::{
    context::provide_page_context,
    i18n::words,
    live::ClientState,
    pages::{AppShell, ServerPage},
};
use leptos::prelude::*;
use leptos_router::components::Router;
use std::sync::Arc;

/// Which document an address has.
#[derive(Debug, Clone)]
pub enum Document {
    /// The room list, and beside it home or a room. It hydrates.
    AppShell,
    /// The app shell around the sentence that nothing is at this address.
    NotFound,
    /// A page that the server renders alone. The browser posts its forms itself, and it loads no WASM.
    Server(Arc<dyn ServerPage>),
}

impl Document {
    /// Whether the browser makes it live.
    #[must_use]
    pub const fn hydrates(&self) -> bool {
        matches!(self, Self::AppShell | Self::NotFound)
    }
}

impl<P: ServerPage> From<P> for Document {
    fn from(page: P) -> Self {
        Self::Server(Arc::new(page))
    }
}

/// The body of the documents that hydrate.
#[component]
pub fn App() -> impl IntoView {
    let context = provide_page_context();
    provide_context(ClientState::new(&context));
    view! {
        <SkipLink />
        <Router>
            <AppShell />
        </Router>
        // Shown by the panic hook of `frontend`, should the page stop working.
        <div class="banner banner-broken" id="broken" role="alert" hidden>
            {words().page_broken} <a href="" rel="external">{words().reload}</a>
        </div>
    }
}

/// The first element that the Tab key reaches.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a class="skip" href="#main">{words().skip_to_content}</a> }
}
