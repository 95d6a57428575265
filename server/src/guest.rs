//! Introduces whoever is asking: the session is read once, here, and everything behind sees it.
//! Strangers are led to sign-in, and back to where they were going.

use crate::{address, functions, router::State};
use app::{
    Gate, context,
    i18n::Language,
    visit::{Theme, Visit},
};
use axum::{
    extract::{ConnectInfo, Request, State as Shared},
    http::{HeaderMap, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use chat::{Actor, Visitor};
use domain::{ids::ClientId, problem::Problem, sessions::safe_path};
use std::net::SocketAddr;
use uuid::Uuid;

/// A request's own circumstances, for the handlers behind.
#[derive(Debug, Clone)]
pub struct Guest {
    pub request: context::Request,
    pub visit: Visit,
}

pub async fn introduce(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    jar: CookieJar,
    mut request: Request,
    next: Next,
) -> Response {
    let actor = match actor(&state, &jar).await {
        Ok(actor) => actor,
        Err(problem) => return refuse(&problem, language(&jar, request.headers())),
    };
    let path = request.uri().path();
    let (is_page, is_gate) = (!path.starts_with("/api/"), Gate::at(path).is_some());
    let is_for_strangers = is_gate || invitation(path).is_some() || reset(path).is_some();
    if is_page && actor.is_none() && !is_for_strangers {
        return to_sign_in(request.uri());
    }
    if actor.is_some() && is_gate && request.method().is_safe() {
        return Redirect::to(&going_to(request.uri())).into_response();
    }
    let guest = guest(&state, peer, &jar, actor, request.headers());
    request.extensions_mut().insert(guest);
    next.run(request).await
}

/// Whoever the session cookie belongs to.
pub async fn actor(state: &State, jar: &CookieJar) -> Result<Option<Actor>, Problem> {
    match jar.get(state.config.session_cookie()) {
        Some(cookie) => state.chat.actor(cookie.value()).await,
        None => Ok(None),
    }
}

/// The reader's choice, else what their browser prefers.
pub fn language(jar: &CookieJar, headers: &HeaderMap) -> Language {
    let chosen = jar.get("lang").and_then(|cookie| Language::from_code(cookie.value()));
    chosen.unwrap_or_else(|| {
        let preferred = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::negotiate(preferred.unwrap_or_default())
    })
}

/// A problem before there is a page to show it on.
pub fn refuse(problem: &Problem, language: Language) -> Response {
    (functions::status(problem), (language.words().problem)(problem)).into_response()
}

/// Leads to sign-in, and from there back to where the stranger was going.
pub fn to_sign_in(going_to: &Uri) -> Response {
    let path = going_to.path_and_query().map_or("/", |path| path.as_str());
    // A form posts to `?/name`: where it was is the path alone.
    let path = if path.contains("?/") { going_to.path() } else { path };
    if path == "/" {
        return Redirect::to(Gate::SignIn.path()).into_response();
    }
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
    Redirect::to(&format!("/sign-in?{query}")).into_response()
}

/// The secret of the invitation link whose address this is.
pub fn invitation(path: &str) -> Option<&str> {
    path.strip_prefix("/join/")
}

/// The secret of the link for a new password whose address this is.
pub fn reset(path: &str) -> Option<&str> {
    path.strip_prefix("/reset/")
}

fn going_to(uri: &Uri) -> String {
    next(uri).map_or_else(|| "/".to_owned(), |path| safe_path(&path).to_owned())
}

/// Where a stranger was going, as the address of a gate says it: anybody may have written it.
pub fn next(uri: &Uri) -> Option<String> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let next = url::form_urlencoded::parse(query).find(|(name, _)| name == "next");
    next.map(|(_, path)| path.into_owned())
}

fn guest(
    state: &State,
    peer: SocketAddr,
    jar: &CookieJar,
    actor: Option<Actor>,
    headers: &HeaderMap,
) -> Guest {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let cookie = |name| jar.get(name).map(axum_extra::extract::cookie::Cookie::value);
    let address = address::client(peer.ip(), headers, &state.config.trusted_proxies);
    let viewer = actor.as_ref().map(|actor| actor.viewer().clone());
    let host = text(header::HOST);
    let now = state.chat.now();
    let visit = Visit {
        viewer,
        language: language(jar, headers),
        theme: cookie("theme").map(Theme::from_code).unwrap_or_default(),
        clock: state.zones.clock(cookie("zone")),
        now,
        origin: state.config.origin().unwrap_or_else(|| format!("http://{host}")),
        client_id: Some(ClientId::fresh(now, Uuid::new_v4())),
        rooms: Vec::new(),
        look: None,
        refusal: None,
    };
    let request = context::Request {
        chat: state.chat.clone(),
        actor,
        visitor: Visitor { address, device: text(header::USER_AGENT).to_owned() },
        half_way: cookie(state.config.half_way_cookie()).map(str::to_owned),
        session_cookie: state.config.session_cookie(),
        half_way_cookie: state.config.half_way_cookie(),
        secure: state.config.is_secure(),
    };
    Guest { request, visit }
}
