//! Calling a server function, for scripts here and for forms in `forms`.

use crate::{
    auth::RequestContext,
    forms::{self, Filled, Form},
    posted::Unread,
    router::{State, answered},
    security,
};
use app::{forms::Failure, i18n::not_read, pages::NotRead};
use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::{Path, Request, State as Shared},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT, CONTENT_LENGTH, TRANSFER_ENCODING},
        response::Parts,
    },
    response::{IntoResponse, Response},
};
use domain::problem::Problem;
use leptos::prelude::provide_context;
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};
use leptos_axum::handle_server_fns_with_context;

/// The most bytes in an answer: a page of history, many times over.
const ANSWER_MOST: usize = 4 * 1024 * 1024;

/// What a server function answered.
pub enum Answered {
    /// What it returned, encoded.
    Done(Parts, Vec<u8>),
    /// Why it did not.
    Refused(Parts, Failure),
}

pub async fn call(
    Shared(state): Shared<State>,
    Extension(context): Extension<RequestContext>,
    Path(function): Path<String>,
    request: Request,
) -> Response {
    let Some(form) = forms::find(&function) else { return refuse(Problem::Malformed) };
    let (parts, body) = request.into_parts();
    let filled = match forms::read(&state, &parts, body, form).await {
        Ok(filled) => filled,
        Err(unread) => return not_read(unread),
    };
    answered(context.visit.language, async move {
        match run(context, &parts.headers, form, &filled).await {
            Answered::Done(parts, body) => Response::from_parts(parts, Body::from(body)),
            Answered::Refused(mut parts, failure) => {
                parts.status = status(&failure.0);
                Response::from_parts(parts, Body::from(failure.ser()))
            }
        }
    })
    .await
}

fn refuse(problem: Problem) -> Response {
    (status(&problem), Body::from(Failure(problem).ser())).into_response()
}

fn not_read(unread: Unread) -> Response {
    match unread.why() {
        Some(NotRead::TooLarge) => {
            security::plain(StatusCode::PAYLOAD_TOO_LARGE, &Problem::TooLarge)
        }
        Some(why) => {
            let status = StatusCode::from_u16(why.status()).unwrap_or(StatusCode::BAD_REQUEST);
            security::said(status, |language| (not_read::words(language).sentence)(why).to_owned())
        }
        None => refuse(Problem::Malformed),
    }
}

/// Runs the server function of a form, as this caller.
pub async fn run(
    caller: RequestContext,
    headers: &HeaderMap,
    form: &Form,
    filled: &Filled,
) -> Answered {
    let mut call = Request::new(Body::from(filled.body()));
    *call.method_mut() = Method::POST;
    *call.uri_mut() = Uri::try_from(format!("/api/{}", form.name)).unwrap_or_default();
    *call.headers_mut() = headers.clone();
    for header in [CONTENT_LENGTH, TRANSFER_ENCODING] {
        call.headers_mut().remove(header);
    }
    // A caller that accepts pages would be sent back to where it came from, whatever was answered.
    call.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    let context = move || provide_context(caller.request.clone());
    let response = handle_server_fns_with_context(context, call).await.into_response();
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_MOST).await.unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    if parts.status.is_success() && !parts.headers.contains_key(SERVER_FN_ERROR_HEADER) {
        return Answered::Done(parts, body.into());
    }
    Answered::Refused(parts, Failure::de(body))
}

/// The one way from a problem to a status, for functions, forms and whatever has no page.
pub fn status(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
