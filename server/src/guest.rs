//! Introduces whoever is asking: the session is read once, here, and everything behind sees it.
//! Strangers are led to sign-in, and back to where they were going.

use crate::{address, cookies::Cookies, functions, router::State, setup};
use app::{
    Gate, context,
    i18n::Language,
    paths,
    visit::{Theme, Visit},
};
use axum::{
    extract::{ConnectInfo, Request, State as Shared},
    http::{HeaderMap, HeaderValue, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
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
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    let actor = match actor(&state, &cookies).await {
        Ok(actor) => actor,
        Err(problem) => return refuse(&problem, language(&cookies, request.headers())),
    };
    let path = request.uri().path();
    let (is_page, is_gate) = (!path.starts_with("/api/"), Gate::at(path).is_some());
    let is_link = [invitation(path), reset(path), setup(path)].iter().any(Option::is_some);
    let is_for_strangers = is_gate || is_link;
    if is_page && actor.is_none() && !is_for_strangers {
        return to_sign_in(request.uri());
    }
    if is_page && request.method().is_safe() && is_held_up(actor.as_ref(), path) {
        return to_notices(request.uri());
    }
    if actor.is_some() && is_gate && request.method().is_safe() {
        return Redirect::to(&going_to(request.uri())).into_response();
    }
    let guest = guest(&state, peer, &cookies, actor, &request);
    let renewed = old_session(&state, &cookies).filter(|_| guest.request.actor.is_some());
    let renewed = renewed.map(|token| guest.request.session_cookie(token).to_string());
    request.extensions_mut().insert(guest);
    let response = next.run(request).await;
    match renewed {
        Some(cookie) => renew(response, &state.own_cookies.names.session, cookie),
        None => response,
    }
}

/// The token of a session whose cookie still has the name that an earlier version gave it.
fn old_session<'a>(state: &State, cookies: &'a Cookies) -> Option<&'a str> {
    let name = &state.own_cookies.names.session;
    own(state, cookies, name).filter(|_| cookies.get(name).is_none())
}

/// Hands over the cookie of this name, unless the answer itself sets it, or ends the session.
fn renew(mut response: Response, name: &str, cookie: String) -> Response {
    let mut set = response.headers().get_all(header::SET_COOKIE).iter();
    let is_set = set.any(|each| each.as_bytes().starts_with(name.as_bytes()));
    if let (false, Ok(cookie)) = (is_set, HeaderValue::try_from(cookie)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Whoever the session cookie belongs to.
pub async fn actor(state: &State, cookies: &Cookies) -> Result<Option<Actor>, Problem> {
    match own(state, cookies, &state.own_cookies.names.session) {
        Some(token) => state.chat.actor(token).await,
        None => Ok(None),
    }
}

fn own<'a>(state: &State, cookies: &'a Cookies, name: &str) -> Option<&'a str> {
    state.own_cookies.get(cookies, name, state.chat.now())
}

/// The reader's choice, else what their browser prefers.
pub fn language(cookies: &Cookies, headers: &HeaderMap) -> Language {
    let chosen = cookies.get("lang").and_then(Language::from_code);
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

/// Whether the user has to read first what was done to their account. Not before a file, which is no page.
fn is_held_up(actor: Option<&Actor>, path: &str) -> bool {
    let has_unread = actor.is_some_and(Actor::has_unread_notices);
    has_unread && path != paths::ACCOUNT_NOTICES && path != paths::ACCOUNT_EXPORT
}

/// Leads to the notices, and from there back to where the user was going.
fn to_notices(going_to: &Uri) -> Response {
    let path = going_to.path_and_query().map_or("/", |path| path.as_str());
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
    Redirect::to(&format!("{}?{query}", paths::ACCOUNT_NOTICES)).into_response()
}

/// The secret of the invitation link whose address this is.
pub fn invitation(path: &str) -> Option<&str> {
    path.strip_prefix("/join/")
}

/// The secret of the link for a new password whose address this is.
pub fn reset(path: &str) -> Option<&str> {
    path.strip_prefix("/reset/")
}

/// The secret of the set-up link whose address this is.
pub fn setup(path: &str) -> Option<&str> {
    path.strip_prefix("/setup/")
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
    cookies: &Cookies,
    actor: Option<Actor>,
    request: &Request,
) -> Guest {
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
    let names = &state.own_cookies.names;
    let now = state.chat.now();
    let visit = Visit {
        viewer,
        language: language(cookies, headers),
        theme: cookies.get("theme").map(Theme::from_code).unwrap_or_default(),
        clock: state.zones.clock(cookies.get("zone"), now),
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
        at_the_machine,
        visitor: Visitor {
            address,
            device: text(header::USER_AGENT).to_owned(),
            session,
            device_token: own(state, cookies, &names.device).map(str::to_owned),
        },
        half_way: own(state, cookies, &names.half_way).map(str::to_owned),
        cookies: names.clone(),
        secure: state.config.is_secure(),
    };
    Guest { request, visit }
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
