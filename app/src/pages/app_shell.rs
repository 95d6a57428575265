//! The app shell: the room list on the left, and the page of the route beside it.

use crate::{
    boxed_effect::boxed_effect,
    components::{ErrorMessage, RoomList, Settings},
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
    // In an effect, so only in the browser and after hydration.
    boxed_effect(move || live.connect());
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

/// An error belongs to the page with which it was rendered: going to another page drops it.
fn forget_refusals() {
    let path = use_location().pathname;
    let refused = use_context::<FormErrors>();
    let mut before = path.get_untracked();
    boxed_effect(move || {
        let now = path.get();
        if let Some(refused) = refused.filter(|_| before != now) {
            refused.forget();
        }
        before = now;
    });
}
