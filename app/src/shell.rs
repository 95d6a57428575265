//! The document around every page, and the routes.

use crate::{
    context::provide_visit,
    i18n::words,
    live::Live,
    pages::{House, Lobby, NotFound, RoomPage, SignInPage, SignUpPage},
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The whole document, as the server sends it.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let visit = use_context::<Visit>().unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang=visit.language.code() data-theme=visit.theme.code()>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#FAF7F1" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#16140F" media="(prefers-color-scheme: dark)" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icon-180.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <HashedStylesheet options=options.clone() id="style" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Everything inside the body.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let visit = provide_visit();
    let t = visit.language.words();
    provide_context(Live::new(&visit));
    view! {
        <a class="skip" href="#main">{t.skip_to_content}</a>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async />
                <ParentRoute path=path!("/") view=House ssr=SsrMode::Async>
                    <Route path=path!("") view=Lobby ssr=SsrMode::Async />
                    <Route path=path!("room/:id") view=RoomPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
        // Shown by the panic hook of `frontend`, should the page ever stop working.
        <div class="banner banner-broken" id="broken" role="alert" hidden>
            {words().page_broken} <a href="">{words().reload}</a>
        </div>
    }
}
