//! Each page has one address. A trailing slash is redirected to the address without it.

use app::paths;
use axum::{
    Router,
    extract::Request,
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{CACHE_CONTROL, LOCATION},
        uri::PathAndQuery,
    },
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};

/// Addresses that are not typed by hand and stand only in this instance's pages.
const AVATARS: &str = "/pictures/";

/// The router, behind a layer that removes trailing slashes.
pub fn without(router: Router) -> Router {
    Router::new().fallback_service(router).layer(from_fn(trim))
}

/// Redirects a browser to the address without the slash. A post is processed at once: not every client repeats
/// it after a redirect.
async fn trim(mut request: Request, next: Next) -> Response {
    let Some(trimmed) = trimmed(request.uri()) else { return next.run(request).await };
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return match HeaderValue::from_bytes(trimmed.as_str().as_bytes()) {
            Ok(location) => redirect(location),
            Err(_) => next.run(request).await,
        };
    }
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(trimmed);
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

fn redirect(location: HeaderValue) -> Response {
    let headers = [(LOCATION, location), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::PERMANENT_REDIRECT, headers).into_response()
}

/// The path without trailing slashes, with its query. None when it has none, and when browsers would read the
/// rest as the address of another host.
fn trimmed(uri: &Uri) -> Option<PathAndQuery> {
    let path = uri.path();
    let trimmed = path.trim_end_matches('/');
    let has_slash = trimmed.len() < path.len() && path != "/";
    // A link that has lost its secret is not found, rather than redirected to sign-in.
    if !has_slash || paths::SECRET_LINKS.contains(&trimmed) || path.starts_with(AVATARS) {
        return None;
    }
    let trimmed = if trimmed.is_empty() { "/" } else { trimmed };
    if trimmed.starts_with("//") || trimmed.starts_with("/\\") {
        return None;
    }
    match uri.query() {
        Some(query) => format!("{trimmed}?{query}").parse().ok(),
        None => trimmed.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_is_taken_off_and_the_query_kept() {
        let of = |raw: &str| trimmed(&raw.parse().unwrap()).map(|it| it.to_string());
        for (raw, expected) in [
            ("/people/", Some("/people")),
            ("/people///", Some("/people")),
            ("/people/?q=%ED%99%8D&page=2", Some("/people?q=%ED%99%8D&page=2")),
            ("/room/1/?/post_message", Some("/room/1?/post_message")),
            ("/a//b/", Some("/a//b")),
            ("/%5Cevil.example/", Some("/%5Cevil.example")),
            ("/./", Some("/.")),
            ("//", Some("/")),
            ("///?a", Some("/?a")),
            ("/people/?", Some("/people?")),
            ("http://box/people/", Some("/people")),
            ("/", None),
            ("/?a=/", None),
            ("/people", None),
            ("/people?next=/", None),
            ("//evil.example/", None),
            ("///evil.example//", None),
            ("/\\evil.example/", None),
            ("/\\/evil.example/", None),
            ("*", None),
            ("/join/", None),
            ("/join/0a1b/", Some("/join/0a1b")),
            ("/pictures/0a1b/64/", None),
        ] {
            assert_eq!(of(raw).as_deref(), expected, "{raw}");
        }
    }
}
