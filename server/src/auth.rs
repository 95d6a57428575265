//! Authentication: the session is read once per request, and every handler gets the result as a
//! [`RequestContext`]. Also decides which pages are for users: signed-out callers are redirected to sign-in,
//! and from there back to the page they asked for.

use crate::{
    address,
    cookies::Cookies,
    functions,
    pages::address::{NextQuery, Query},
    router::State,
    setup,
};
use app::{
    context,
    i18n::{Language, errors::sentence},
    page_context::{PageContext, Theme},
    paths,
};
use axum::{
    extract::{ConnectInfo, Request, State as Shared},
    http::{HeaderMap, HeaderValue, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::headers::{HeaderMapExt, UserAgent};
use chat::{Actor, ClientInfo};
use domain::{error::AppError, ids::ClientId, sessions::safe_path};
use std::net::SocketAddr;
use uuid::Uuid;

/// The caller and the circumstances of the request, for handlers.
#[derive(Debug, Clone)]
pub struct RequestContext {
    pub request: context::Request,
    pub page: PageContext,
}

/// Authenticates the request and puts the [`RequestContext`] into its extensions.
pub async fn authenticate(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    let actor = match actor(&state, &cookies).await {
        Ok(actor) => actor,
        Err(error) => return refuse(&error, language(&cookies, request.headers())),
    };
    let context = request_context(&state, peer, &cookies, actor, &request);
    let renewed = old_session(&state, &cookies).filter(|_| context.request.actor.is_some());
    let renewed = renewed.map(|token| context.request.session_cookie(token).to_string());
    request.extensions_mut().insert(context);
    let response = next.run(request).await;
    match renewed {
        Some(cookie) => renew(response, &state.own_cookies.names.session, cookie),
        None => response,
    }
}

/// Redirects signed-out callers to sign-in.
pub async fn require_user(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if actor_of(&request).is_some() || is_api(uri) || is_secret_link(uri) {
        return next.run(request).await;
    }
    to_sign_in(uri)
}

/// Redirects signed-in users away from the forms for signing in and up. What they post there is processed.
pub async fn lead_users_on(request: Request, next: Next) -> Response {
    if actor_of(&request).is_some() && request.method().is_safe() {
        let Query(NextQuery { next }) = Query::of(request.uri());
        return Redirect::to(next.as_deref().map_or(paths::HOME, safe_path)).into_response();
    }
    next.run(request).await
}

/// Redirects users to the unread notices of their account first. Only pages do so, not files.
pub async fn require_notices_read(request: Request, next: Next) -> Response {
    let has_unread = actor_of(&request).is_some_and(Actor::has_unread_notices);
    let uri = request.uri();
    let is_open = [paths::ACCOUNT_NOTICES, paths::ACCOUNT_EXPORT].contains(&uri.path());
    if has_unread && request.method().is_safe() && !is_open && !is_api(uri) {
        return to_notices(uri);
    }
    next.run(request).await
}

fn actor_of(request: &Request) -> Option<&Actor> {
    request.extensions().get::<RequestContext>()?.request.actor.as_ref()
}

/// Server functions answer signed-out callers themselves.
fn is_api(uri: &Uri) -> bool {
    uri.path().starts_with(paths::API)
}

/// Whether the path is that of a link whose secret was cut off. Such a path is not found, rather than
/// redirected to sign-in.
fn is_secret_link(uri: &Uri) -> bool {
    let rest = |link| uri.path().strip_prefix(link);
    paths::SECRET_LINKS.into_iter().filter_map(rest).any(|rest| rest.starts_with('/'))
}

/// The token of a session whose cookie still has the name that an earlier version gave it.
fn old_session<'a>(state: &State, cookies: &'a Cookies) -> Option<&'a str> {
    let name = &state.own_cookies.names.session;
    own(state, cookies, name).filter(|_| cookies.get(name).is_none())
}

/// Sets the cookie of this name, unless the response already sets it or ends the session.
fn renew(mut response: Response, name: &str, cookie: String) -> Response {
    let mut set = response.headers().get_all(header::SET_COOKIE).iter();
    let is_set = set.any(|each| each.as_bytes().starts_with(name.as_bytes()));
    if let (false, Ok(cookie)) = (is_set, HeaderValue::try_from(cookie)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The user of the session cookie.
pub async fn actor(state: &State, cookies: &Cookies) -> Result<Option<Actor>, AppError> {
    match own(state, cookies, &state.own_cookies.names.session) {
        Some(token) => state.chat.actor(token).await,
        None => Ok(None),
    }
}

fn own<'a>(state: &State, cookies: &'a Cookies, name: &str) -> Option<&'a str> {
    state.own_cookies.get(cookies, name, state.chat.now())
}

/// The language that the reader chose, else the one that the browser prefers.
pub fn language(cookies: &Cookies, headers: &HeaderMap) -> Language {
    let chosen = cookies.get("lang").and_then(Language::from_code);
    chosen.unwrap_or_else(|| {
        let preferred = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::negotiate(preferred.unwrap_or_default())
    })
}

/// A response for an error that occurs before there is a page to show it on.
pub fn refuse(error: &AppError, language: Language) -> Response {
    (functions::status(error.status()), sentence(language, error)).into_response()
}

/// Redirects to sign-in, with the address to return to afterwards.
pub fn to_sign_in(going_to: &Uri) -> Response {
    let path = going_to.path_and_query().map_or(paths::HOME, |path| path.as_str());
    // A form posts to `?/name`: the page's address is the path alone.
    let path = if path.contains("?/") { going_to.path() } else { path };
    if path == paths::HOME {
        return Redirect::to(paths::SIGN_IN).into_response();
    }
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
    Redirect::to(&format!("{}?{query}", paths::SIGN_IN)).into_response()
}

/// Redirects to the notices, with the address to return to afterwards.
fn to_notices(going_to: &Uri) -> Response {
    let path = going_to.path_and_query().map_or(paths::HOME, |path| path.as_str());
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
    Redirect::to(&format!("{}?{query}", paths::ACCOUNT_NOTICES)).into_response()
}

fn request_context(
    state: &State,
    peer: SocketAddr,
    cookies: &Cookies,
    actor: Option<Actor>,
    request: &Request,
) -> RequestContext {
    let headers = request.headers();
    let at_the_machine = setup::is_at_the_machine(
        state.listens_at,
        &state.config,
        request.version(),
        request.uri(),
        headers,
    );
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let address = address::client(peer.ip(), headers, &state.config.trusted_proxies);
    let viewer = actor.as_ref().map(|actor| actor.viewer().clone());
    let session = actor.as_ref().map(Actor::session);
    let host = text(header::HOST);
    let user_agent = headers.typed_get::<UserAgent>();
    let names = &state.own_cookies.names;
    let now = state.chat.now();
    let page = PageContext {
        viewer,
        language: language(cookies, headers),
        theme: cookies.get("theme").map(Theme::from_code).unwrap_or_default(),
        clock: state.zones.clock(cookies.get("zone"), now),
        now,
        origin: state.config.origin().unwrap_or_else(|| format!("http://{host}")),
        client_id: Some(ClientId::fresh(now, Uuid::new_v4())),
        rooms: Vec::new(),
        initial_room: None,
        form_error: None,
    };
    let request = context::Request {
        chat: state.chat.clone(),
        actor,
        at_the_machine,
        client_info: ClientInfo {
            address,
            device: user_agent.map_or_else(String::new, |agent| agent.to_string()),
            session,
            device_token: own(state, cookies, &names.device).map(str::to_owned),
        },
        pending_login: own(state, cookies, &names.pending_login).map(str::to_owned),
        cookies: names.clone(),
        secure: state.config.is_secure(),
    };
    RequestContext { request, page }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_cookie_is_renewed_unless_the_answer_says_something_else_of_it() {
        let cookies = |set: Option<&'static str>| {
            let mut answer = Response::new(axum::body::Body::empty());
            if let Some(set) = set {
                answer.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static(set));
            }
            let renewed = renew(answer, "session-1f", "session-1f=token; Path=/".to_owned());
            let set = renewed.headers().get_all(header::SET_COOKIE).into_iter();
            set.map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(cookies(None), ["session-1f=token; Path=/"]);
        let other = "theme=dark";
        assert_eq!(cookies(Some(other)), [other, "session-1f=token; Path=/"]);
        for own in ["session-1f=; Max-Age=0", "session-1f=another; Path=/"] {
            assert_eq!(cookies(Some(own)), [own]);
        }
    }
}
