//! Whether a request that opens a socket comes from a page of this house.

use crate::config::Config;
use axum::http::{HeaderMap, header};
use url::Url;

/// True when `Origin` is the house's own: the configured one, or, where none is, the host that the
/// browser asked for. Every browser sends it with a WebSocket, so a request without is refused.
pub fn is_ours(headers: &HeaderMap, config: &Config) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    if let Some(ours) = config.origin() {
        return origin == ours;
    }
    let Ok(url) = Url::parse(origin) else { return false };
    let is_http = matches!(url.scheme(), "http" | "https");
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    is_http && authority.is_some() && authority == text(header::HOST)
}
