//! A request for a page, and the function that renders every page.

use crate::{
    auth::{RequestContext, refuse, to_sign_in},
    compress, functions,
    router::State,
    security,
};
use app::{
    Document,
    context::{Assets, StoredHtml, write_document},
    errors::ShownError,
    i18n::Language,
    pages::ServerPage,
    paths,
};
use axum::{
    Extension, RequestExt, RequestPartsExt,
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode, Uri, header, request::Parts, uri::PathAndQuery},
    response::{IntoResponse, Response},
};
use chat::{Actor, Chat, RoomPage};
use domain::{collation::ScriptFirst, error::AppError, history::HistoryPage, rooms::RoomSummary};
use leptos::{
    config::{Env, LeptosOptions},
    nonce::Nonce,
    prelude::{Owner, provide_context},
};
use leptos_router::location::RequestUrl;
use std::{ops::Deref, sync::Arc};

/// A request for a page that signed-out callers may see too.
#[derive(Debug)]
pub struct PageRequest {
    pub context: RequestContext,
    kept: KeptForPages,
    request: Parts,
}

/// What pages have in common. Cheap to clone.
#[derive(Debug, Clone)]
pub struct KeptForPages {
    pub is_dev: bool,
    pub assets: Assets,
    pub html: StoredHtml,
}

impl KeptForPages {
    pub fn new(options: &LeptosOptions) -> Self {
        let is_dev = options.env == Env::DEV;
        Self { is_dev, assets: Assets::new(options), html: StoredHtml::default() }
    }
}

/// A request for a page that only users see.
#[derive(Debug)]
pub struct UserPageRequest {
    pub actor: Actor,
    page: PageRequest,
}

impl PageRequest {
    pub fn new(state: &State, context: RequestContext, request: Parts) -> Self {
        Self { context, kept: state.kept.clone(), request }
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
            AppError::NotFound(_) => self.not_found(StatusCode::NOT_FOUND).await,
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
        room: Option<Result<Arc<RoomPage>, AppError>>,
    ) -> Response {
        let language = self.context.page.language;
        let room = room.map(|room| room.map_err(|error| ShownError::new(language, &error)));
        let status = match (&room, self.status()) {
            (Some(Err(error)), StatusCode::OK) => functions::status(error.status),
            (_, status) => status,
        };
        self.context.page.rooms = rooms;
        let page = room.as_ref().and_then(|room| room.as_ref().ok()).cloned();
        let room = room.map(|room| room.map(|page| HistoryPage::clone(&page)));
        self.context.page.initial_room = room;
        let json = page.as_deref().map(RoomPage::json);
        self.write(status, Document::AppShell, json)
    }

    pub async fn render(self, document: impl Into<Document>) -> Response {
        let status = self.status();
        self.render_as(status, document).await
    }

    /// Renders a document with this status.
    pub async fn render_as(self, status: StatusCode, document: impl Into<Document>) -> Response {
        self.write(status, document.into(), None)
    }

    fn write(self, status: StatusCode, document: Document, room_json: Option<&str>) -> Response {
        let Self { context, kept, request } = self;
        let KeptForPages { is_dev, assets, html } = kept;
        let nonce = Nonce::new();
        let policy = HeaderValue::from_str(&security::content_policy(&nonce, is_dev));
        let owner = Owner::new_root(None);
        let html = owner.with(|| {
            let path = request.uri.path_and_query().map_or(paths::HOME, PathAndQuery::as_str);
            // A whole address: a path that begins with two slashes would be read as a host.
            provide_context(RequestUrl::new(&format!("http://page.invalid{path}")));
            provide_context(nonce);
            provide_context(html);
            provide_context(context.request);
            write_document(&assets, document, context.page, room_json)
        });
        owner.unset_with_forced_cleanup();
        let mut response = compress::respond(&request.headers, html);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        if let Ok(policy) = policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
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
        room: Option<Result<Arc<RoomPage>, AppError>>,
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
