//! Every route on one screen, and the layers that each request passes through.

use crate::{
    auth, avatars,
    config::Config,
    cookies::{Cookies, OwnCookies},
    export, files, forms, functions, hosts, origin,
    pages::{
        KeptForPages, account, admin, home, invitations, not_found, notices, page, password_reset,
        profiles, room_settings, rooms, setup, sign_in, users,
    },
    requests, security, slashes,
    socket::{self, ConnectionLimiter},
    uploads::Uploads,
    zone::Zones,
};
use any_spawner::Executor;
use app::{i18n::Language, paths};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use chat::Chat;
use domain::error::AppError;
use leptos::config::LeptosOptions;
use std::{net::IpAddr, ops::Deref, sync::Arc, time::Duration};
use tokio_util::task::TaskTracker;
use tower_http::compression::CompressionLayer;

/// The longest that a response may take once the request has been read.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// What the handlers share. Every layer clones it for every request: it is one count.
#[derive(Debug, Clone)]
pub struct State(Arc<SharedState>);

#[derive(Debug, Clone)]
pub struct SharedState {
    pub chat: Chat,
    pub config: Arc<Config>,
    pub own_cookies: OwnCookies,
    /// The address of the listener.
    pub listens_at: IpAddr,
    pub options: LeptosOptions,
    pub kept: KeptForPages,
    pub zones: Zones,
    pub sockets: TaskTracker,
    pub seats: ConnectionLimiter,
    pub uploads: Uploads,
}

impl State {
    pub fn new(shared: SharedState) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for State {
    type Target = SharedState;
    fn deref(&self) -> &SharedState {
        &self.0
    }
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> Self {
        state.options.clone()
    }
}

pub fn router(state: State) -> Router {
    // Pages and server functions run on it. An error means that it is initialized already.
    let _ = Executor::init_tokio();
    let forms = from_fn_with_state(state.clone(), forms::submit);
    let sign_in = Router::new()
        .route(paths::SIGN_IN, page(sign_in::sign_in))
        .route(paths::SIGN_IN_CODE, page(sign_in::code))
        .route(paths::SIGN_UP, page(sign_in::sign_up))
        .layer(forms.clone())
        .layer(from_fn(auth::lead_users_on));
    let secret_links = Router::new()
        .route(paths::JOIN, page(invitations::join))
        .route(paths::RESET, page(password_reset::show))
        .route(paths::SETUP, page(setup::show))
        .layer(forms.clone());
    // An upload is taken before the other forms of its page.
    let profile_avatar = from_fn_with_state(state.clone(), avatars::set_of_profile);
    let room_avatar = from_fn_with_state(state.clone(), avatars::set_of_room);
    let users = Router::new()
        .route(paths::HOME, page(home::show))
        .route(paths::ROOM, page(rooms::show))
        .route(paths::ROOM_SETTINGS, page(room_settings::show))
        .route(paths::ROOM_INVITE, page(invitations::invite))
        .route(paths::ROOM_INVITE_LINK, page(invitations::link))
        .route(paths::ROOMS, page(rooms::list))
        .route(paths::USERS, page(users::list))
        .route(paths::USER, page(users::show))
        .route(paths::PROFILES, page(profiles::list))
        .route(paths::PROFILE, page(profiles::show))
        .route(paths::ACCOUNT, page(account::show))
        .route(paths::ACCOUNT_EMAIL, page(account::email))
        .route(paths::ACCOUNT_PASSWORD, page(account::password))
        .route(paths::ACCOUNT_TWO_STEP, page(account::two_factor))
        .route(paths::ACCOUNT_NOTICES, page(notices::show))
        .route(paths::ACCOUNT_DELETE, page(account::deletion))
        .route(paths::ADMIN, page(admin::users))
        .route(paths::ADMIN_USERS, page(admin::users))
        .route(paths::ADMIN_USER, page(admin::user))
        .route(paths::ADMIN_USER_RESET, page(admin::reset_link))
        .route(paths::ADMIN_ROOMS, page(admin::rooms))
        .route(paths::ADMIN_SIGN_UP, page(admin::registration))
        .route(paths::ADMIN_LOG, page(admin::log))
        .fallback(not_found::show)
        .layer(forms.clone())
        .route(
            paths::PROFILE_AVATAR,
            page(profiles::avatar).layer(forms.clone()).layer(profile_avatar),
        )
        .route(paths::ROOM_AVATAR, page(room_settings::avatar).layer(forms).layer(room_avatar))
        .route(paths::ACCOUNT_EXPORT, get(export::download).layer(from_fn(in_time)))
        .layer(from_fn(auth::require_user));
    let router = sign_in
        .merge(secret_links)
        .merge(users)
        .layer(from_fn(auth::require_notices_read))
        .route(paths::SERVER_FN, post(functions::call))
        // Each form has its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), auth::authenticate))
        .route(paths::AVATAR, get(avatars::show).layer(from_fn(in_time)))
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

/// A request without a path, such as `CONNECT host:1` and `OPTIONS *`, is meant for proxies.
async fn with_path(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with('/') {
        return next.run(request).await;
    }
    security::plain(StatusCode::BAD_REQUEST, &AppError::Malformed)
}

async fn in_time(cookies: Cookies, request: Request, next: Next) -> Response {
    answered(auth::language(&cookies, request.headers()), next.run(request)).await
}

/// The response, or a timeout. Boxed: of all connections only a few are waiting for a response.
pub async fn answered(language: Language, answer: impl Future<Output = Response>) -> Response {
    let answer = tokio::time::timeout(ANSWERED_WITHIN, Box::pin(answer)).await;
    answer.unwrap_or_else(|_| auth::refuse(&AppError::Busy, language))
}
