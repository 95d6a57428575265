//! The documents that the server sends, and what is in the one that comes alive.

use crate::{
    context::{VISIT, nonce, provide_visit},
    escape::escaped,
    i18n::words,
    live::Live,
    pages::{
        Gate, GatePage, House, NotRead, NotReadPage, NotSetUpPage, Plain, PlainPage, ResetPage,
        SetupPage, Threshold,
    },
    titles,
    visit::{Theme, Visit},
};
use domain::{
    house::SignUpMode,
    invitation_links::{Invitation, LinkToken},
};
use leptos::{html, prelude::*};
use leptos_meta::HashedStylesheet;
use leptos_router::components::Router;

/// Which document an address has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Everything inside. It comes alive when its scripts are there.
    House,
    /// The same frame, and nothing at this address.
    Nowhere,
    /// Sign-in or sign-up, and where the stranger was going. Its forms are sent by the browser itself, so
    /// it loads no WASM.
    Gate(Gate, Option<String>, SignUpMode),
    /// Choosing a new password by a link; nothing, once the link is no longer good.
    Reset(Option<LinkToken>),
    /// Making the first account by a link; nothing, once the link is no longer good.
    Setup(Option<LinkToken>),
    /// What stands in the place of a gate until there is an account.
    NotSetUp,
    /// What an invitation link shows to a stranger; nothing, once it lets nobody in any more.
    Threshold(Option<Invitation>, SignUpMode),
    /// A page inside that the server draws alone. It loads no WASM either.
    Plain(Plain),
    /// Why a request was not read to its end, and the path of the page that it came from.
    NotRead(NotRead, String),
}

impl Document {
    /// Whether it has scripts that bring it to life.
    const fn comes_alive(&self) -> bool {
        matches!(self, Self::House | Self::Nowhere)
    }
}

/// Lets the server draw times in the reader's own zone from the next page on.
const REMEMBER_ZONE: &str = "document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; \
                             path=/; max-age=34560000; samesite=lax`";

/// The whole document, as the server sends it.
#[must_use]
pub fn shell(options: LeptosOptions, document: Document) -> impl IntoView {
    let visit = use_context::<Visit>().unwrap_or_default();
    let scripts = document.comes_alive().then(|| {
        let options = options.clone();
        view! {
            <script type="application/json" id=VISIT nonce=nonce()>
                {json(&visit)}
            </script>
            <HydrationScripts options />
        }
        .into_any()
    });
    view! {
        <!DOCTYPE html>
        <html lang=visit.language.code() data-theme=visit.theme.code()>
            <head>
                <meta charset="utf-8" />
                // As children it would get a hydration marker, which is text in a title.
                <title inner_html=escaped(&titles::of_document(&document, &visit))></title>
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
                <AutoReload options />
                {scripts}
                <script nonce=nonce()>{REMEMBER_ZONE}</script>
            </head>
            <body>{body(document)}</body>
        </html>
    }
}

/// What the browser reads as data; no text in it can end the element that it stands in.
fn json(visit: &Visit) -> String {
    serde_json::to_string(visit).unwrap_or_default().replace('<', "\\u003c")
}

fn body(document: Document) -> AnyView {
    match document {
        Document::House | Document::Nowhere => view! { <App /> }.into_any(),
        Document::Gate(gate, going_to, mode) => {
            provide_visit();
            view! {
                <SkipLink />
                <GatePage gate going_to mode />
            }
            .into_any()
        }
        Document::Threshold(invitation, mode) => {
            provide_visit();
            view! {
                <SkipLink />
                <Threshold invitation mode />
            }
            .into_any()
        }
        Document::Reset(token) => {
            provide_visit();
            view! {
                <SkipLink />
                <ResetPage token />
            }
            .into_any()
        }
        Document::Setup(token) => {
            provide_visit();
            view! {
                <SkipLink />
                <SetupPage token />
            }
            .into_any()
        }
        Document::NotSetUp => {
            provide_visit();
            view! {
                <SkipLink />
                <NotSetUpPage />
            }
            .into_any()
        }
        Document::Plain(page) => {
            provide_visit();
            view! {
                <SkipLink />
                <PlainPage page />
            }
            .into_any()
        }
        Document::NotRead(why, path) => {
            provide_visit();
            view! {
                <SkipLink />
                <NotReadPage why path />
            }
            .into_any()
        }
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

/// Everything inside the body of the house's documents.
#[component]
pub fn App() -> impl IntoView {
    let visit = provide_visit();
    provide_context(Live::new(&visit));
    view! {
        <SkipLink />
        <Router>
            <House />
        </Router>
        // Shown by the panic hook of `frontend`, should the page ever stop working.
        <div class="banner banner-broken" id="broken" role="alert" hidden>
            {words().page_broken} <a href="">{words().reload}</a>
        </div>
    }
}

/// The first thing that the Tab key finds.
#[component]
fn SkipLink() -> impl IntoView {
    view! { <a class="skip" href="#main">{words().skip_to_content}</a> }
}
