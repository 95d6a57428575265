//! Everything inside: the rooms at the left, and beside them the page of the route.

use crate::{
    components::{ErrorMessage, RoomList, Settings},
    effect::effect,
    forms::FormErrors,
    i18n::words,
    live::live,
    pages::{HomePage, NotFound, RoomPage},
};
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route},
    hooks::use_location,
    path,
};

#[component]
pub fn AppShell() -> impl IntoView {
    let t = words();
    let live = live();
    // Once the page is awake: not while it is drawn, on either side.
    effect(move || live.connect());
    forget_refusals();
    let path = use_location().pathname;
    let at_home = Signal::derive(move || path.get() == "/");
    let current = Signal::derive(move || at_home.get().then(|| "page".to_owned()));
    view! {
        <div class="app-shell" class:app-shell-home=at_home>
            <aside class="app-shell-rooms">
                <header class="app-shell-head">
                    <a href="/" class="brand" aria-current=current>{t.app_name}</a>
                    <Settings />
                </header>
                <nav class="app-shell-list" aria-label=t.my_rooms>
                    <h2 class="section-title">{t.my_rooms}</h2>
                    <RoomList />
                </nav>
            </aside>
            <main class="app-shell-main" id="main" tabindex="-1">
                <ErrorMessage />
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/room/:id") view=RoomPage ssr=SsrMode::Async />
                </FlatRoutes>
            </main>
        </div>
    }
}

/// A refusal belongs to the page that it was drawn with: whoever goes on leaves it behind.
fn forget_refusals() {
    let path = use_location().pathname;
    let refused = use_context::<FormErrors>();
    let mut before = path.get_untracked();
    effect(move || {
        let now = path.get();
        if let Some(refused) = refused.filter(|_| before != now) {
            refused.forget();
        }
        before = now;
    });
}
