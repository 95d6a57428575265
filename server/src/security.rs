//! Security headers of every response, and the response to a panic.

use crate::config::Config;
use app::i18n::{Language, errors::sentence};
use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
};
use domain::error::AppError;
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;

/// An error as plain text in both languages, where the reader's language is not known.
pub fn plain(status: StatusCode, error: &AppError) -> Response {
    said(status, |language| sentence(language, error))
}

/// The same of what no `AppError` says.
pub fn said(status: StatusCode, sentence: impl Fn(Language) -> String) -> Response {
    (status, both(sentence)).into_response()
}

pub fn both(sentence: impl Fn(Language) -> String) -> String {
    format!("{}\n{}\n", sentence(Language::Ko), sentence(Language::En))
}

/// A panic is a bug: its cause is logged under the request's id, which the response shows.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("panic");
    plain(StatusCode::INTERNAL_SERVER_ERROR, &chat::internal_error(&text))
}

/// The policy of what is not a page: it may load nothing. The last three directives do not fall back to the
/// first.
const NO_PAGE: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A year, the minimum for scanners and preload lists. Never `includeSubDomains`: other hosts of the domain are
/// for its owner to decide about.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// A layer around every route: a panic becomes a response, and every response gets the headers.
pub fn surround(router: Router, config: &Config) -> Router {
    let hsts = config.sends_hsts().then_some(HSTS);
    let headers = move |response| std::future::ready(with_headers(response, hsts.clone()));
    router.layer(CatchPanicLayer::custom(panicked)).layer(map_response(headers))
}

/// A response without `Cache-Control` of its own is not cached.
fn with_headers(mut response: Response, hsts: Option<HeaderValue>) -> Response {
    let headers: [(HeaderName, &'static str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not no-referrer: forms would then send `Origin: null` and be refused.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if let Some(hsts) = hsts {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, hsts);
    }
    let unkept = HeaderValue::from_static("no-store");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(unkept);
    let policy = HeaderValue::from_static(NO_PAGE);
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

/// What a page without any other file of this instance may load: the style within it.
pub fn inline_policy(nonce: &str) -> String {
    format!("{NO_PAGE}; style-src 'nonce-{nonce}'")
}

/// What a page may load: its own scripts by nonce, and nothing from other sites.
pub fn content_policy(nonce: &str, is_dev: bool) -> String {
    // cargo-leptos tells the page to reload over a socket on another port.
    let reload = if is_dev { " ws:" } else { "" };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'{reload}; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::{extract::Request, routing::get};
    use clap::Parser;
    use tower::ServiceExt;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }

    async fn answers(args: &[&str], path: &str) -> Response {
        let args = ["sarangbang"].iter().chain(args);
        let config = Cli::try_parse_from(args).unwrap().config;
        let router = Router::new()
            .route("/fine", get(async || "fine"))
            .route("/kept", get(async || ([(header::CACHE_CONTROL, "max-age=1")], "kept")))
            .route("/panics", get(async || panics()));
        let request = Request::get(path).body(Body::empty()).unwrap();
        surround(router, &config).oneshot(request).await.unwrap()
    }

    fn panics() {
        std::panic::panic_any("on purpose");
    }

    fn header_of<'a>(response: &'a Response, name: &str) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn every_answer_has_the_headers_a_panic_and_a_missing_page_too() {
        for (path, status) in [("/fine", 200), ("/nothing", 404), ("/panics", 500)] {
            let response = answers(&[], path).await;
            assert_eq!(response.status().as_u16(), status);
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("content-security-policy", NO_PAGE),
                ("cache-control", "no-store"),
                ("strict-transport-security", ""),
            ] {
                assert_eq!(header_of(&response, name), value, "{name} of {path}");
            }
        }
        assert_eq!(header_of(&answers(&[], "/kept").await, "cache-control"), "max-age=1");
    }

    #[tokio::test]
    async fn https_alone_is_promised_for_a_year_unless_the_operator_says_no() {
        let year = "max-age=31536000";
        for (args, promised) in [
            (&["--url", "https://chat.example"][..], year),
            (&["--url", "https://chat.example:8443", "--hsts", "on"], year),
            (&["--url", "https://chat.example", "--hsts", "off"], ""),
            (&["--url", "http://chat.example"], ""),
            (&["--url", "http://chat.example", "--hsts", "on"], ""),
            (&[], ""),
        ] {
            for path in ["/fine", "/panics"] {
                let response = answers(args, path).await;
                assert_eq!(header_of(&response, "strict-transport-security"), promised, "{args:?}");
            }
        }
    }
}
