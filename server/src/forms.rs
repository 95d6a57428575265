//! Forms without scripts: each posts to its own page, `?/name`. The function's success becomes a redirect
//! (303); its refusal becomes the same page again, with the error.

mod filled;
mod known;

pub use filled::Filled;
pub use known::{Form, find};

use crate::{
    auth::{RequestContext, to_sign_in},
    other_user,
    pages::PageRequest,
    posted::{Posted, Unread},
    router::{State, answered},
};
use app::{
    context::CLEAR_SITE_DATA,
    forms::{FormError, ServerError},
    i18n::Language,
    pages::{NotRead, NotReadPage},
};
use axum::{
    Extension,
    body::Body,
    extract::{MatchedPath, Request, State as Shared},
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{CONTENT_LENGTH, LOCATION, SET_COOKIE, TRANSFER_ENCODING},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{error::AppError, sessions::safe_path};
use leptos::{
    prelude::{Owner, provide_context},
    reactive::computed::ScopedFuture,
};
use leptos_axum::ResponseOptions;
use std::sync::Arc;

/// A form that was posted to a page and is being served.
#[derive(Debug)]
pub struct Submission {
    pub state: State,
    pub context: RequestContext,
    /// The request, without its body.
    pub page: Parts,
    /// Renders the page.
    pub next: Next,
}

/// A layer around every page: takes the forms that are posted to it.
pub async fn submit(
    Shared(state): Shared<State>,
    Extension(context): Extension<RequestContext>,
    request: Request,
    next: Next,
) -> Response {
    let is_page = request.extensions().get::<MatchedPath>().is_some();
    let form = named(request.uri());
    // An address without a route takes no form, except those of the not-found page itself.
    if request.method() != Method::POST || (form.is_none() && !is_page) {
        return answered(context.page.language, next.run(request)).await;
    }
    let (page, body) = request.into_parts();
    let submission = Submission { state, context, page, next };
    match form {
        Some(form) => submission.serve(form, body).await,
        None => submission.refuse_whole().await,
    }
}

impl Submission {
    async fn serve(self, form: &'static Form, body: Body) -> Response {
        let filled = match read(&self.state, &self.page, body, form).await {
            Ok(filled) => filled,
            Err(unread) => return self.not_read(unread).await,
        };
        if let Some(sent) = other_user::misdirected(&self.context, &self.page, form, &filled) {
            return self.misdirected(sent).await;
        }
        let language = self.language();
        answered(language, Box::pin(self.run(form, filled))).await
    }

    async fn run(self, form: &'static Form, filled: Filled) -> Response {
        match ask(&self.context, &self.page, form, &filled).await {
            Ok(response) => response,
            Err(ServerError(AppError::SignedOut)) => to_sign_in(&self.page.uri),
            Err(ServerError(error)) => match filled.typed() {
                Some(fields) => {
                    let refusal = FormError::new(self.language(), form.place(), &error, fields);
                    self.refuse(refusal).await
                }
                None => self.not_read(Unread::TooLarge).await,
            },
        }
    }

    pub const fn language(&self) -> Language {
        self.context.page.language
    }

    /// Renders the page once more, with the error and what was typed.
    pub async fn refuse(self, refusal: FormError) -> Response {
        let Self { mut context, mut page, next, .. } = self;
        context.page.form_error = Some(Arc::new(refusal));
        page.extensions.insert(context);
        let page = as_read(page);
        next.run(Request::from_parts(page, Body::empty())).await
    }

    /// The page once more: what was posted is no form of it.
    async fn refuse_whole(self) -> Response {
        let refusal = FormError::of_no_form(self.language(), &AppError::Malformed);
        self.refuse(refusal).await
    }

    /// Renders the page that says why the body was not read to its end.
    pub async fn not_read(self, unread: Unread) -> Response {
        match unread.why() {
            Some(why) => self.not_taken(why).await,
            None => self.refuse_whole().await,
        }
    }

    pub async fn not_taken(self, why: NotRead) -> Response {
        let status = StatusCode::from_u16(why.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let path = self.page.uri.path().to_owned();
        self.into_page().render_as(status, NotReadPage { why, path }).await
    }

    /// A request for a page that is shown in place of the one posted to.
    pub fn into_page(self) -> PageRequest {
        PageRequest::new(&self.state, self.context, as_read(self.page))
    }
}

/// The form named in `?/name`, if there is one of that name.
pub fn named(uri: &Uri) -> Option<&'static Form> {
    let name = uri.query()?.strip_prefix('/')?;
    find(name).filter(|form| form.is_of_a_page())
}

/// Reads a posted form: its own fields, within its own limit.
pub async fn read(
    state: &State,
    page: &Parts,
    body: Body,
    form: &'static Form,
) -> Result<Filled, Unread> {
    let within = state.config.timeouts.posted_within;
    let posted = Posted::new(&page.headers, body, form.max_bytes, within)?.whole().await?;
    Ok(Filled::of(form, &posted))
}

/// Calls the form's function as the caller; success is a redirect, with the cookies that the function set.
async fn ask(
    context: &RequestContext,
    page: &Parts,
    form: &Form,
    filled: &Filled,
) -> Result<Response, ServerError> {
    let (caller, options) = (context.request.clone(), ResponseOptions::default());
    let owner = Owner::new();
    let answer = owner.with(|| {
        provide_context(caller);
        provide_context(options.clone());
        ScopedFuture::new(form.run(filled.body()))
    });
    // The form may have been posted to any path, including one that browsers would read as another host.
    let path = answer.await?.path.unwrap_or_else(|| safe_path(page.uri.path()).to_owned());
    let location =
        HeaderValue::try_from(path).map_err(|error| ServerError(chat::internal_error(&error)))?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, location);
    let set = options.0.read().map_err(|error| ServerError(chat::internal_error(&error)))?;
    for name in [SET_COOKIE, CLEAR_SITE_DATA] {
        for value in set.headers.get_all(&name) {
            response.headers_mut().append(&name, value.clone());
        }
    }
    Ok(response)
}

/// Turns the post into a read of the same page.
fn as_read(mut page: Parts) -> Parts {
    page.method = Method::GET;
    for header in [CONTENT_LENGTH, TRANSFER_ENCODING] {
        page.headers.remove(header);
    }
    page
}
