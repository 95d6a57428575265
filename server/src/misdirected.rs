//! The page for a request to a host at which this instance does not answer. No other file is served there, so
//! its style is inline; the user's language is unknown, so it is in both languages.

use crate::{hosts::Misdirected, security};
use app::{
    escaped,
    i18n::{self, Language},
};
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use leptos::nonce::Nonce;

/// The style sheets of other pages that this one needs, and its own layout.
const STYLE: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/preview.css"),
    "body { display: grid; }",
);

const LANGUAGES: [Language; 2] = [Language::Ko, Language::En];

/// Renders the reason, with a link to the right address where that is known.
pub fn page(status: StatusCode, why: &Misdirected) -> Response {
    let nonce = Nonce::new();
    let names = LANGUAGES.map(|language| within("span", language, language.words().app_name));
    let sentences = LANGUAGES.map(|language| within("p", language, &sentence(language, why)));
    let body = format!(
        "<!DOCTYPE html><html lang=\"ko\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><style nonce=\"{nonce}\">{STYLE}</style></head>\
         <body><main class=\"empty-page\"><h1 class=\"empty-page-title\">{names}</h1>{sentences}{link}</main></body></html>",
        title = Language::Ko.words().app_name,
        names = names.join(" · "),
        sentences = sentences.concat(),
        link = link(why),
    );
    let headers = [
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, security::inline_policy(&nonce)),
    ];
    (status, headers, Html(body)).into_response()
}

fn sentence(language: Language, why: &Misdirected) -> String {
    let t = i18n::misdirected::words(language);
    match why {
        Misdirected::Elsewhere(_) => t.elsewhere.to_owned(),
        Misdirected::OverHttp(_) => t.over_http.to_owned(),
        Misdirected::Unnamed(host) => (t.unnamed)(host.name(), &host.url()),
        Misdirected::Malformed => t.malformed.to_owned(),
    }
}

fn link(why: &Misdirected) -> String {
    let (Misdirected::Elsewhere(origin) | Misdirected::OverHttp(origin)) = why else {
        return String::new();
    };
    let origin = escaped(origin);
    format!("<p><a href=\"{origin}\">{origin}</a></p>")
}

fn within(element: &str, language: Language, text: &str) -> String {
    format!("<{element} lang=\"{}\">{}</{element}>", language.code(), escaped(text))
}
