//! Every route on one screen, and what each request passes through on its way there.

use crate::{config::Config, files, forms, functions, guest, pages, security, socket, zone::Zones};
use app::App;
use axum::{
    Router,
    extract::FromRef,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use chat::Chat;
use leptos::config::LeptosOptions;
use leptos_axum::generate_route_list;
use std::sync::Arc;
use tokio_util::task::TaskTracker;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer,
};

/// The most bytes in a posted form: 4,000 characters, percent-encoded, and room to spare.
const BODY_MOST: usize = 128 * 1024;

/// What the handlers share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct State {
    pub chat: Chat,
    pub config: Arc<Config>,
    pub options: LeptosOptions,
    pub zones: Zones,
    pub sockets: TaskTracker,
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> Self {
        state.options.clone()
    }
}

/// # Errors
/// A sentence for the operator, when the configuration makes no router.
pub fn router(state: State) -> Result<Router, String> {
    let mut pages = Router::new();
    for page in generate_route_list(App) {
        pages = pages.route(page.path(), get(pages::show).post(forms::submit));
    }
    let router = pages
        .route("/api/{function}", post(functions::call))
        .fallback(pages::not_found)
        .layer(from_fn_with_state(state.clone(), guest::introduce))
        .route("/ws", get(socket::upgrade))
        .route("/healthz", get(async || "ok"))
        .with_state(state.clone());
    Ok(files::before(&state.options, router)
        .layer(RequestBodyLimitLayer::new(BODY_MOST))
        .layer(security::csrf(&state.config)?)
        .layer(axum::middleware::map_response(security::headers))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(security::panicked)))
}
