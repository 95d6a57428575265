//! The whole document, as the server writes it. What the browser hydrates is the body alone: the rest is text.

use super::{PAGE_CONTEXT, nonce, provide_page_context, request::ServerPageContext};
use crate::{
    escape::escaped,
    page_context::{PageContext, Theme},
    pages::ServerPageFrame,
    shell::{App, Document, SkipLink},
};
use leptos::{nonce::Nonce, prelude::*};
use leptos_meta::HashedStylesheet;
use std::sync::Arc;

/// As much as a room's page takes with fifty short messages.
const DOCUMENT_BYTES: usize = 48 * 1024;

/// Lets the server draw times in the reader's own zone from the next page on.
const REMEMBER_ZONE: &str = "document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; \
                             path=/; max-age=34560000; samesite=lax`";

/// What every head says alike.
const HEAD: &str = "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1, \
     viewport-fit=cover, interactive-widget=resizes-content\">\
     <meta name=\"color-scheme\" content=\"light dark\">\
     <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
     <link rel=\"apple-touch-icon\" href=\"/icon-180.png\">\
     <link rel=\"manifest\" href=\"/manifest.webmanifest\">";

/// The elements that load the style and the scripts: the same on every page but for the nonce.
#[derive(Debug, Clone)]
pub struct Assets {
    style: Arc<str>,
    /// What stands between the places of the nonce.
    scripts: Arc<[String]>,
}

impl Assets {
    /// Looks up the names of the files, which the build has left beside the program.
    #[must_use]
    pub fn new(options: &LeptosOptions) -> Self {
        const NONCE: &str = "the-nonce-of-the-page";
        let owner = Owner::new_root(None);
        let assets = owner.with(|| {
            provide_context(Nonce::from_value(NONCE));
            let options = || options.clone();
            let style = view! { <HashedStylesheet options=options() id="style" /> };
            let scripts = view! {
                <AutoReload options=options() />
                <HydrationScripts options=options() />
            };
            let scripts = scripts.to_html();
            let scripts = scripts.split(NONCE).map(str::to_owned).collect();
            Self { style: style.to_html().into(), scripts }
        });
        owner.unset_with_forced_cleanup();
        assets
    }
}

/// Writes the document with the owner that is current, which provides the nonce and what the page asks for. The
/// JSON of the room's page is given where it is kept.
#[must_use]
pub fn write_document(
    assets: &Assets,
    document: Document,
    mut context: PageContext,
    room_json: Option<&str>,
) -> String {
    let nonce = nonce().unwrap_or_default();
    let title = escaped(&document.title(&context));
    let (language, theme) = (context.language.code(), context.theme.code());
    let mut html = String::with_capacity(DOCUMENT_BYTES);
    push(&mut html, &["<!DOCTYPE html><html lang=\"", language, "\" data-theme=\"", theme]);
    push(&mut html, &["\"><head><meta charset=\"utf-8\"><title>", &title, "</title>", HEAD]);
    push_bar_colours(&mut html, context.theme);
    html.push_str(&assets.style);
    if document.hydrates() {
        push(&mut html, &["<script type=\"application/json\" id=\"", PAGE_CONTEXT]);
        push(&mut html, &["\" nonce=\"", &nonce, "\">"]);
        push_json(&mut html, &mut context, room_json);
        push(&mut html, &["</script>", &assets.scripts.join(&nonce)]);
    }
    push(&mut html, &["<script nonce=\"", &nonce, "\">", REMEMBER_ZONE, "</script></head><body>"]);
    provide_context(ServerPageContext(StoredValue::new(Some(context))));
    push_body(&mut html, document);
    html.push_str("</body></html>");
    html
}

fn push(html: &mut String, parts: &[&str]) {
    for part in parts {
        html.push_str(part);
    }
}

/// What the browser reads as data; no text in it can end the element that it stands in.
fn push_json(html: &mut String, context: &mut PageContext, room_json: Option<&str>) {
    let room = context.initial_room.take_if(|_| room_json.is_some());
    let json = serde_json::to_string(context).unwrap_or_default().replace('<', "\\u003c");
    match room_json.and_then(|room_json| Some((json.strip_suffix("null}")?, room_json))) {
        // The room is the last field.
        Some((begin, room)) => push(html, &[begin, "{\"Ok\":", room, "}}"]),
        None => html.push_str(&json),
    }
    context.initial_room = room.or(context.initial_room.take());
}

fn push_body(html: &mut String, document: Document) {
    match document {
        Document::AppShell | Document::NotFound => push_view(html, view! { <App /> }.into_any()),
        Document::Server(page) => {
            provide_page_context();
            let page = view! {
                <SkipLink />
                <ServerPageFrame page />
            };
            push_view(html, page.into_any());
        }
    }
}

fn push_view(html: &mut String, view: AnyView) {
    use leptos::tachys::view::Position;
    view.to_html_with_buf(html, &mut Position::FirstChild, true, false, Vec::new());
}

/// What a browser paints its own bars with: `--paper` of style/tokens.css.
fn push_bar_colours(html: &mut String, theme: Theme) {
    const LIGHT: &str = "#FAF7F1";
    const DARK: &str = "#16140F";
    let (by_day, by_night) = match theme {
        Theme::System => (LIGHT, DARK),
        Theme::Light => (LIGHT, LIGHT),
        Theme::Dark => (DARK, DARK),
    };
    for (colour, scheme) in [(by_day, "light"), (by_night, "dark")] {
        push(html, &["<meta name=\"theme-color\" content=\"", colour]);
        push(html, &["\" media=\"(prefers-color-scheme: ", scheme, ")\">"]);
    }
}
