//! A request for a page, and the function that renders every page.

use crate::{
    auth::{RequestContext, refuse, to_sign_in},
    functions,
    router::State,
    security,
};
use app::{Document, errors::ShownError, i18n::Language, pages::ServerPage, shell};
use axum::{
    Extension, RequestExt, RequestPartsExt,
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use chat::{Actor, Chat};
use domain::{collation::ScriptFirst, error::AppError, rooms::RoomSummary, wire::HistoryPage};
use leptos::{
    config::{Env, LeptosOptions},
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{ResponseOptions, render_app_async_with_context};
use std::ops::Deref;

/// A request for a page that signed-out callers may see too.
#[derive(Debug)]
pub struct PageRequest {
    pub context: RequestContext,
    options: LeptosOptions,
    request: Parts,
}

/// A request for a page for signed-in users only.
#[derive(Debug)]
pub struct UserPageRequest {
    pub actor: Actor,
    page: PageRequest,
}

impl PageRequest {
    pub fn new(state: &State, context: RequestContext, request: Parts) -> Self {
        Self { context, options: state.options.clone(), request }
    }

    pub const fn chat(&self) -> &Chat {
        &self.context.request.chat
    }

    pub const fn uri(&self) -> &Uri {
        &self.request.uri
    }

    /// Which script comes first in lists, by the reader's language.
    pub const fn collation(&self) -> ScriptFirst {
        match self.context.page.language {
            Language::Ko => ScriptFirst::Hangul,
            Language::En => ScriptFirst::Latin,
        }
    }

    /// The status of the page: that of the error which it shows.
    pub fn status(&self) -> StatusCode {
        let refusal = self.context.page.form_error.as_ref();
        refusal.map_or(StatusCode::OK, |refusal| functions::status(refusal.error.status))
    }

    /// Renders the page with what was read for it, or the page that takes its place when reading failed.
    pub async fn respond(self, page: Result<impl ServerPage, AppError>) -> Response {
        match page {
            Ok(page) => self.render(page).await,
            Err(error) => self.fail(error).await,
        }
    }

    /// Renders what is shown in place of a page that could not be read.
    pub async fn fail(self, error: AppError) -> Response {
        match error {
            AppError::NotFound => self.not_found(StatusCode::NOT_FOUND).await,
            error => refuse(&error, self.context.page.language),
        }
    }

    /// Renders the page that says that nothing is at this address.
    pub async fn not_found(mut self, status: StatusCode) -> Response {
        if let Some(actor) = &self.context.request.actor {
            match self.chat().rooms(actor).await {
                Ok(rooms) => self.context.page.rooms = rooms,
                Err(error) => return refuse(&error, self.context.page.language),
            }
        }
        self.render_as(status, Document::NotFound).await
    }

    /// Home, or a room's page: its data is sent along to the browser, where it hydrates.
    pub async fn render_app(
        mut self,
        rooms: Vec<RoomSummary>,
        room: Option<Result<HistoryPage, AppError>>,
    ) -> Response {
        let language = self.context.page.language;
        let room = room.map(|room| room.map_err(|error| ShownError::new(language, &error)));
        let status = match (&room, self.status()) {
            (Some(Err(error)), StatusCode::OK) => functions::status(error.status),
            (_, status) => status,
        };
        self.context.page.rooms = rooms;
        self.context.page.initial_room = room;
        self.render_as(status, Document::AppShell).await
    }

    pub async fn render(self, document: impl Into<Document>) -> Response {
        let status = self.status();
        self.render_as(status, document).await
    }

    /// Renders a document with this status.
    pub async fn render_as(self, status: StatusCode, document: impl Into<Document>) -> Response {
        let Self { context, options, request } = self;
        let (is_dev, document) = (options.env == Env::DEV, document.into());
        let provide = move || {
            provide_context(context.page.clone());
            provide_context(context.request.clone());
            // Leptos has made the nonce by now, and the body has not been started.
            if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) {
                if status != StatusCode::OK {
                    response.set_status(status);
                }
                let policy = HeaderValue::from_str(&security::content_policy(&nonce, is_dev));
                if let Ok(policy) = policy {
                    response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
                }
            }
        };
        let request = Request::from_parts(request, Body::empty());
        let app = move || shell(options.clone(), document.clone());
        let mut response = render_app_async_with_context(provide, app)(request).await;
        let private = HeaderValue::from_static("private, no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, private);
        response
    }
}

impl UserPageRequest {
    pub async fn respond(self, page: Result<impl ServerPage, AppError>) -> Response {
        self.page.respond(page).await
    }

    pub async fn fail(self, error: AppError) -> Response {
        self.page.fail(error).await
    }

    pub async fn render(self, document: impl Into<Document>) -> Response {
        self.page.render(document).await
    }

    pub async fn render_app(
        self,
        rooms: Vec<RoomSummary>,
        room: Option<Result<HistoryPage, AppError>>,
    ) -> Response {
        self.page.render_app(rooms, room).await
    }
}

impl Deref for UserPageRequest {
    type Target = PageRequest;
    fn deref(&self) -> &PageRequest {
        &self.page
    }
}

impl FromRequest<State> for PageRequest {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (mut parts, _) = request.into_parts();
        let context = parts.extract::<Extension<RequestContext>>().await;
        let Extension(context) = context.map_err(IntoResponse::into_response)?;
        Ok(Self::new(state, context, parts))
    }
}

impl FromRequest<State> for UserPageRequest {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let page: PageRequest = request.extract_with_state(state).await?;
        match page.context.request.actor.clone() {
            Some(actor) => Ok(Self { actor, page }),
            None => Err(to_sign_in(page.uri())),
        }
    }
}
