//! Every route on one screen, and what each request passes through on its way there.

use crate::{
    config::Config,
    cookies::OwnCookies,
    export, files, forms, functions, guest, hosts, origin, pages, pictures, security, slashes,
    socket::{self, Seats},
    zone::Zones,
};
use app::{App, Gate, Plain};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use chat::Chat;
use leptos::config::LeptosOptions;
use leptos_axum::{AxumRouteListing, generate_route_list};
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio_util::task::TaskTracker;
use tower_http::{
    compression::CompressionLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

/// The most bytes in a posted form: a text far too long, percent-encoded, still reaches the rule that says
/// so and keeps it.
const BODY_MOST: usize = 1024 * 1024;

/// The longest that an answer may take, the reading of what was posted included.
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
    for path in inside.chain(Gate::ALL.map(Gate::path)).chain(Plain::PATHS) {
        pages = pages.route(path, get(pages::show).post(forms::submit));
    }
    let mut uploads = Router::new();
    for path in Plain::UPLOADS {
        uploads = uploads.route(path, get(pages::show).post(pictures::submit));
    }
    let uploads = uploads
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(pictures::BODY_MOST));
    let router = pages
        .route("/account/export", get(export::download))
        .route("/api/{function}", post(functions::call))
        .layer(RequestBodyLimitLayer::new(BODY_MOST))
        .merge(uploads)
        .fallback(pages::not_found)
        .layer(from_fn_with_state(state.clone(), guest::introduce))
        .route("/pictures/{id}/{size}", get(pictures::show))
        .route("/ws", get(socket::upgrade))
        .route(hosts::HEALTH, get(async || "ok"))
        .with_state(state.clone());
    let router = slashes::without(files::before(&state.options, router))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWERED_WITHIN))
        .layer(axum::middleware::map_response(security::too_large))
        .layer(from_fn_with_state(state.config.clone(), origin::check))
        .layer(from_fn_with_state(state.config.clone(), hosts::check));
    security::surround(router, &state.config).layer(CompressionLayer::new())
}
