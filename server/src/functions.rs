//! Server functions as scripts call them. Forms of pages are in `forms`.

use crate::{
    auth::RequestContext,
    forms::{self, Filled, Form},
    posted::Unread,
    router::{State, answered},
    security,
};
use app::{
    errors::ErrorAnswer,
    forms::ServerError,
    i18n::{Language, not_read},
    pages::NotRead,
    paths,
};
use axum::{
    Extension, Json,
    body::{Body, to_bytes},
    extract::{Path, Request, State as Shared},
    http::{
        HeaderValue, StatusCode, Uri,
        header::{ACCEPT, CONTENT_LENGTH, TRANSFER_ENCODING},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use domain::error::AppError;
use leptos::prelude::provide_context;
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};
use leptos_axum::handle_server_fns_with_context;

/// The most bytes in an error's body.
const REFUSAL_MAX: usize = 64 * 1024;

pub async fn call(
    Shared(state): Shared<State>,
    Extension(context): Extension<RequestContext>,
    Path(function): Path<String>,
    request: Request,
) -> Response {
    let Some(form) = forms::find(&function) else {
        return refuse(context.page.language, AppError::Malformed);
    };
    let (parts, body) = request.into_parts();
    let filled = match forms::read(&state, &parts, body, form).await {
        Ok(filled) => filled,
        Err(unread) => return not_read(context.page.language, unread),
    };
    answered(context.page.language, run(context, parts, form, &filled)).await
}

fn refuse(language: Language, error: AppError) -> Response {
    (status(error.status()), Json(ErrorAnswer::new(language, error))).into_response()
}

fn not_read(language: Language, unread: Unread) -> Response {
    match unread.why() {
        Some(NotRead::TooLarge) => {
            security::plain(StatusCode::PAYLOAD_TOO_LARGE, &AppError::TooLarge)
        }
        Some(why) => {
            let status = StatusCode::from_u16(why.status()).unwrap_or(StatusCode::BAD_REQUEST);
            security::said(status, |language| (not_read::words(language).sentence)(why).to_owned())
        }
        None => refuse(language, AppError::Malformed),
    }
}

/// Runs the server function of this name as the caller.
async fn run(
    context: RequestContext,
    mut call: Parts,
    form: &'static Form,
    filled: &Filled,
) -> Response {
    for header in [CONTENT_LENGTH, TRANSFER_ENCODING] {
        call.headers.remove(header);
    }
    // A caller that accepts HTML would be redirected to its referrer, whatever the answer.
    call.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    call.uri = Uri::try_from(paths::API.to_owned() + form.name).unwrap_or_default();
    let call = Request::from_parts(call, Body::from(filled.body()));
    let (language, caller) = (context.page.language, context.request);
    let provide = move || provide_context(caller.clone());
    let response = handle_server_fns_with_context(provide, call).await.into_response();
    let is_refused = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if response.status().is_success() && !is_refused {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let error = ServerError::de(to_bytes(body, REFUSAL_MAX).await.unwrap_or_default()).0;
    let (said, body) = refuse(language, error).into_parts();
    parts.status = said.status;
    parts.headers.extend(said.headers);
    Response::from_parts(parts, body)
}

/// The status of an error, for functions, forms and whatever has no page.
pub fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
