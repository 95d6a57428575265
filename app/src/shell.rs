//! The document around every page, and the routes.

use crate::{
    context::provide_visit,
    i18n::words,
    live::Live,
    pages::{House, Lobby, NotFound, RoomPage, SignInPage, SignUpPage},
    visit::{Theme, Visit},
};
use leptos::{html, prelude::*};
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
                {bar_colours(visit.theme)}
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

/// What a browser paints its own bars with: `--paper` of style/tokens.css.
fn bar_colours(theme: Theme) -> impl IntoView {
    const LIGHT: &str = "#FAF7F1";
    const DARK: &str = "#16140F";
    let (by_day, by_night) = match theme {
        Theme::System => (LIGHT, DARK),
        Theme::Light => (LIGHT, LIGHT),
        Theme::Dark => (DARK, DARK),
    };
    let meta =
        |colour, media| html::meta().name("theme-color").content(colour).attr("media", media);
    (meta(by_day, "(prefers-color-scheme: light)"), meta(by_night, "(prefers-color-scheme: dark)"))
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
