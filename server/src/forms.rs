//! Forms without scripts: each posts to its own page, `?/name`. What the function answers becomes a
//! way on (303), or the same page again with why not.

use crate::{
    functions::{self, Answered},
    guest::{Guest, to_sign_in},
    pages,
    router::State,
};
use app::forms::{Failure, Landing, Refusal};
use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{FromRequest, Request, State as Shared},
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT, CONTENT_LENGTH, LOCATION, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use domain::{problem::Problem, sessions::safe_path};
use leptos::server_fn::axum::server_fn_paths;

/// Never drawn back into a page.
const SECRETS: [&str; 3] = ["password", "new_password", "code"];

pub async fn submit(
    Shared(state): Shared<State>,
    Extension(guest): Extension<Guest>,
    request: Request,
) -> Response {
    let form = form_name(request.uri());
    let (parts, body) = request.into_parts();
    let body = Request::from_parts(parts.clone(), body);
    let body = match Bytes::from_request(body, &()).await {
        Ok(body) => body,
        Err(refused) => return refused.into_response(),
    };
    let (answered, form) = match form {
        Some(form) => (ask(&guest, &parts, &form, &body).await, form),
        None => (Err(Failure(Problem::Malformed)), Refusal::NO_FORM.to_owned()),
    };
    match answered {
        Ok(response) => response,
        Err(Failure(Problem::SignedOut)) => to_sign_in(&parts.uri),
        Err(failure) => {
            let typed = url::form_urlencoded::parse(&body).into_owned();
            let fields = typed.filter(|(name, _)| !SECRETS.contains(&name.as_str())).collect();
            let refusal = Refusal { form, problem: failure.0, fields };
            draw_again(state, guest, parts, refusal).await
        }
    }
}

/// The name in `?/name`, if there is such a function.
pub fn form_name(uri: &Uri) -> Option<String> {
    let name = uri.query()?.strip_prefix('/')?;
    let path = format!("/api/{name}");
    server_fn_paths().any(|(known, _)| known == path).then(|| name.to_owned())
}

/// Calls the form's function; success is a way on.
async fn ask(guest: &Guest, page: &Parts, form: &str, body: &Bytes) -> Result<Response, Failure> {
    let mut call = Request::new(Body::from(body.clone()));
    *call.method_mut() = Method::POST;
    *call.uri_mut() = format!("/api/{form}").parse().map_err(|_| Failure(Problem::Malformed))?;
    *call.headers_mut() = page.headers.clone();
    call.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    match functions::run(guest.clone(), call).await {
        Answered::Refused(_, failure) => Err(failure),
        Answered::Done(answer, body) => {
            let landing: Landing =
                serde_json::from_slice(&body).map_err(|_| Failure(Problem::Malformed))?;
            // Any page may have been posted to, one as well whose path browsers would read as another host.
            let path = landing.path.unwrap_or_else(|| safe_path(page.uri.path()).to_owned());
            let location =
                HeaderValue::try_from(path).map_err(|error| Failure(chat::broken(&error)))?;
            let mut response = StatusCode::SEE_OTHER.into_response();
            response.headers_mut().insert(LOCATION, location);
            for cookie in answer.headers.get_all(SET_COOKIE) {
                response.headers_mut().append(SET_COOKIE, cookie.clone());
            }
            Ok(response)
        }
    }
}

/// The page of the form once more, with what was typed and why it was refused.
pub async fn draw_again(state: State, mut guest: Guest, page: Parts, refusal: Refusal) -> Response {
    let status = functions::status(&refusal.problem);
    guest.visit.refusal = Some(refusal);
    let mut request = Request::from_parts(page, Body::empty());
    *request.method_mut() = Method::GET;
    request.headers_mut().remove(CONTENT_LENGTH);
    pages::draw(state.options, guest, status, request).await
}
