//! Calling a server function, for scripts here and for forms in `forms`.

use crate::guest::Guest;
use app::forms::Failure;
use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, response::Parts},
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

pub async fn call(Extension(guest): Extension<Guest>, request: Request) -> Response {
    match run(guest, request).await {
        Answered::Done(parts, body) => Response::from_parts(parts, Body::from(body)),
        Answered::Refused(mut parts, failure) => {
            parts.status = status(&failure.0);
            Response::from_parts(parts, Body::from(failure.ser()))
        }
    }
}

/// Runs the server function that the request's path names, as this guest.
pub async fn run(guest: Guest, request: Request) -> Answered {
    let context = move || provide_context(guest.request.clone());
    let response = handle_server_fns_with_context(context, request).await.into_response();
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_MOST).await.unwrap_or_default();
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    if parts.status.is_success() && !parts.headers.contains_key(SERVER_FN_ERROR_HEADER) {
        return Answered::Done(parts, body.into());
    }
    Answered::Refused(parts, Failure::de(body))
}

/// The one way from a problem to a status, for functions, forms and whatever has no page.
pub fn status(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
