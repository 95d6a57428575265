//! The documents that the server sends, and the content of the one that hydrates.

use crate::{
    context::{PAGE_CONTEXT, nonce, provide_page_context},
    escape::escaped,
    i18n::words,
    live::ClientState,
    page_context::{PageContext, Theme},
    pages::{AppShell, ServerPage, ServerPageFrame},
    titles,
};
use leptos::{html, prelude::*};
use leptos_meta::HashedStylesheet;
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
    const fn hydrates(&self) -> bool {
        matches!(self, Self::AppShell | Self::NotFound)
    }
}

impl<P: ServerPage> From<P> for Document {
    fn from(page: P) -> Self {
        Self::Server(Arc::new(page))
    }
}

/// Lets the server render times in the reader's own zone from the next page on.
const REMEMBER_ZONE: &str = "document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; \
                             path=/; max-age=34560000; samesite=lax`";

/// The whole document, as the server sends it.
#[must_use]
pub fn shell(options: LeptosOptions, document: Document) -> impl IntoView {
    let context = use_context::<PageContext>().unwrap_or_default();
    let scripts = document.hydrates().then(|| {
        let options = options.clone();
        view! {
            <script type="application/json" id=PAGE_CONTEXT nonce=nonce()>
                {json(&context)}
            </script>
            <HydrationScripts options />
        }
        .into_any()
    });
    view! {
        <!DOCTYPE html>
        <html lang=context.language.code() data-theme=context.theme.code()>
            <head>
                <meta charset="utf-8" />
                // As children it would get a hydration marker, which is text in a title.
                <title inner_html=escaped(&titles::of_document(&document, &context))></title>
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                {bar_colours(context.theme)}
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

/// The page context as JSON; no text in it can end its element.
fn json(context: &PageContext) -> String {
    serde_json::to_string(context).unwrap_or_default().replace('<', "\\u003c")
}

fn body(document: Document) -> AnyView {
    match document {
        Document::AppShell | Document::NotFound => view! { <App /> }.into_any(),
        Document::Server(page) => {
            provide_page_context();
            view! {
                <SkipLink />
                <ServerPageFrame page />
            }
            .into_any()
        }
    }
}

/// The colour of the browser's own bars: `--paper` of style/tokens.css.
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
fn SkipLink() -> impl IntoView {
    view! { <a class="skip" href="#main">{words().skip_to_content}</a> }
}
