//! Every route on one screen, and what each request passes through on its way there.

use crate::{
    config::Config,
    cookies::{Cookies, OwnCookies},
    export, files, forms, functions, guest, hosts, origin, pages, pictures, requests, security,
    slashes,
    socket::{self, Seats},
    uploads::Uploads,
    zone::Zones,
};
use app::{App, Gate, Plain, i18n::Language, paths};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use chat::Chat;
use domain::problem::Problem;
use leptos::config::LeptosOptions;
use leptos_axum::{AxumRouteListing, generate_route_list};
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio_util::task::TaskTracker;
use tower_http::compression::CompressionLayer;

/// The longest that an answer may take, once everything that was posted is here.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// What the handlers share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct State {
    pub chat: Chat,
    pub config: Arc<Config>,
    pub own_cookies: OwnCookies,
    /// The address of the listener.
    pub listens_at: IpAddr,
    pub options: LeptosOptions,
    pub zones: Zones,
    pub sockets: TaskTracker,
    pub seats: Seats,
    pub uploads: Uploads,
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> Self {
        state.options.clone()
    }
}

pub fn router(state: State) -> Router {
    let mut pages = Router::new();
    let inside = generate_route_list(App);
    let inside = inside.iter().map(AxumRouteListing::path);
    let show = || get(pages::show).layer(from_fn(in_time));
    for path in inside.chain(Gate::ALL.map(Gate::path)).chain(Plain::PATHS) {
        pages = pages.route(path, show().post(forms::submit));
    }
    for path in Plain::UPLOADS {
        pages = pages.route(path, show().post(pictures::submit));
    }
    let router = pages
        .route(paths::ACCOUNT_EXPORT, get(export::download).layer(from_fn(in_time)))
        .route(paths::SERVER_FN, post(functions::call))
        // Each form has its own limit.
        .layer(DefaultBodyLimit::disable())
        .fallback(pages::not_found)
        .layer(from_fn_with_state(state.clone(), guest::introduce))
        .route(paths::AVATAR, get(pictures::show).layer(from_fn(in_time)))
        .route(paths::SOCKET, get(socket::upgrade))
        .route(hosts::HEALTH, get(async || "ok"))
        .with_state(state.clone());
    let router = slashes::without(files::before(&state.options, router))
        .layer(from_fn_with_state(state.config.clone(), origin::check))
        .layer(from_fn_with_state(state.config.clone(), hosts::check))
        .layer(from_fn(with_path));
    security::surround(router, &state.config)
        .layer(from_fn_with_state(state, requests::identify))
        .layer(CompressionLayer::new())
}

/// What names no path, such as `CONNECT host:1` and `OPTIONS *`, is for proxies.
async fn with_path(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with('/') {
        return next.run(request).await;
    }
    security::plain(StatusCode::BAD_REQUEST, &Problem::Malformed)
}

async fn in_time(cookies: Cookies, request: Request, next: Next) -> Response {
    answered(guest::language(&cookies, request.headers()), next.run(request)).await
}

/// The answer, if it is there in time. Boxed: only a few of those who are connected wait for one.
pub async fn answered(language: Language, answer: impl Future<Output = Response>) -> Response {
    let answer = tokio::time::timeout(ANSWERED_WITHIN, Box::pin(answer)).await;
    answer.unwrap_or_else(|_| guest::refuse(&Problem::Busy, language))
}
