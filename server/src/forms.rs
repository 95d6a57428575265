//! Forms without scripts: each posts to its own page, `?/name`. What the function answers becomes a
//! way on (303), or the same page again with why not.

mod filled;
mod known;

pub use filled::Filled;
pub use known::{Form, find};

use crate::{
    functions::{self, Answered},
    guest::{Guest, to_sign_in},
    other_user, pages,
    posted::{Posted, Unread},
    router::{State, answered},
};
use app::forms::{Failure, Landing, Refusal};
use axum::{
    Extension,
    body::Body,
    extract::{Request, State as Shared},
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{CONTENT_LENGTH, LOCATION, SET_COOKIE, TRANSFER_ENCODING},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use domain::{problem::Problem, sessions::safe_path};
use std::sync::Arc;

pub async fn submit(
    Shared(state): Shared<State>,
    Extension(guest): Extension<Guest>,
    request: Request,
) -> Response {
    let (page, body) = request.into_parts();
    let Some(form) = named(&page.uri) else {
        return draw_again(state, guest, page, no_form(Problem::Malformed)).await;
    };
    let filled = match read(&state, &page, body, form).await {
        Ok(filled) => filled,
        Err(unread) => return not_read(state, guest, page, unread).await,
    };
    if let Some(sent) = other_user::misdirected(&guest, &page, form, &filled) {
        return other_user::draw(state, guest, page, sent).await;
    }
    let language = guest.visit.language;
    let answer = Box::pin(async move {
        match ask(&guest, &page, form, &filled).await {
            Ok(response) => response,
            Err(Failure(Problem::SignedOut)) => to_sign_in(&page.uri),
            Err(Failure(problem)) => {
                let Some(fields) = filled.typed() else {
                    return not_read(state, guest, page, Unread::TooLarge).await;
                };
                let refusal = Refusal { form: form.place().to_owned(), problem, fields };
                draw_again(state, guest, page, refusal).await
            }
        }
    });
    answered(language, answer).await
}

/// The form in `?/name`, if there is such a one.
pub fn named(uri: &Uri) -> Option<&'static Form> {
    let name = uri.query()?.strip_prefix('/')?;
    find(name).filter(|form| form.is_of_a_page())
}

/// Reads a form that is posted: its own fields, within its own limit.
pub async fn read(
    state: &State,
    page: &Parts,
    body: Body,
    form: &'static Form,
) -> Result<Filled, Unread> {
    let within = state.config.patience.posted_within;
    let posted = Posted::new(&page.headers, body, form.most, within)?.whole().await?;
    Ok(Filled::of(form, &posted))
}

fn no_form(problem: Problem) -> Refusal {
    Refusal { form: Refusal::NO_FORM.to_owned(), problem, fields: Vec::new() }
}

/// The page that says why what was posted was not read to its end.
pub async fn not_read(state: State, guest: Guest, page: Parts, unread: Unread) -> Response {
    match unread.why() {
        Some(why) => pages::not_read(state.options, guest, why, as_read(page)).await,
        None => draw_again(state, guest, page, no_form(Problem::Malformed)).await,
    }
}

/// Calls the form's function; success is a way on.
async fn ask(
    guest: &Guest,
    page: &Parts,
    form: &Form,
    filled: &Filled,
) -> Result<Response, Failure> {
    match functions::run(guest.clone(), &page.headers, form, filled).await {
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
    guest.visit.refusal = Some(Arc::new(refusal));
    pages::draw(state.options, guest, status, as_read(page)).await
}

/// The request for the page that a form was posted to.
pub fn as_read(page: Parts) -> Request {
    let mut request = Request::from_parts(page, Body::empty());
    *request.method_mut() = Method::GET;
    for header in [CONTENT_LENGTH, TRANSFER_ENCODING] {
        request.headers_mut().remove(header);
    }
    request
}
