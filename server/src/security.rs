//! What keeps other sites out, and what every response says.

use crate::config::Config;
use app::i18n::Language;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::problem::Problem;
use std::any::Any;
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// Refuses what changes something and was sent by another site (Sec-Fetch-Site, else Origin).
pub fn csrf(
    config: &Config,
) -> Result<
    CsrfLayer<impl FnMut(ProtectionError) -> Response + Clone + Send + Sync + 'static>,
    String,
> {
    let mut layer = CsrfLayer::new();
    if let Some(origin) = config.origin() {
        layer = layer.add_trusted_origin(origin).map_err(|error| error.to_string())?;
    }
    Ok(layer.with_rejection_response(|_: ProtectionError| {
        plain(StatusCode::FORBIDDEN, &Problem::CrossSite)
    }))
}

/// A sentence in both languages, where there is nobody to ask for theirs.
fn plain(status: StatusCode, problem: &Problem) -> Response {
    let said = |language: Language| (language.words().problem)(problem);
    (status, format!("{}\n{}\n", said(Language::Ko), said(Language::En))).into_response()
}

/// Whatever found a body too large knew no language.
pub async fn too_large(response: Response<Body>) -> Response<Body> {
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, &Problem::TooLarge);
    }
    response
}

/// A panic is our mistake: its cause goes to the log, its id to the person.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("panic");
    plain(StatusCode::INTERNAL_SERVER_ERROR, &chat::broken(&text))
}

/// The headers of every response.
pub async fn headers(mut response: Response<Body>) -> Response<Body> {
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
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

/// What a page may load: its own scripts by nonce, and nothing of anybody else's.
pub fn content_policy(nonce: &str, is_dev: bool) -> String {
    // cargo-leptos tells the page to reload over a socket on another port.
    let reload = if is_dev { " ws:" } else { "" };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'{reload}; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
