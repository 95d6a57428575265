//! The parameters of a page's address: in its path and in its query.

use super::PageRequest;
use crate::{auth::RequestContext, router::State};

use axum::{
    Extension, RequestPartsExt,
    extract::{FromRequestParts, Path as AxumPath, Query as AxumQuery},
    http::{StatusCode, Uri, request::Parts},
    response::{IntoResponse, Response},
};
use domain::history::PageAnchor;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use std::{convert::Infallible, str::FromStr};

/// The parameters in a page's path. If they cannot be parsed, the page is not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// The query of a page. One that cannot be parsed counts as empty.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// A page of a list, filtered by a search.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    #[serde(default, rename = "q")]
    pub search: String,
    #[serde(default, deserialize_with = "number")]
    page: Option<usize>,
}

/// The path to go to afterwards. It is untrusted: it need not be a path of this site.
#[derive(Debug, Default, Deserialize)]
pub struct NextQuery {
    pub next: Option<String>,
}

/// Which page of a history is shown.
#[derive(Debug, Default, Deserialize)]
pub struct HistoryQuery {
    #[serde(default, deserialize_with = "number")]
    before: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    after: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    at: Option<i64>,
}

impl ListQuery {
    pub fn page(&self) -> usize {
        self.page.unwrap_or(1)
    }
}

impl HistoryQuery {
    pub fn anchor(&self) -> PageAnchor {
        PageAnchor::of(self.before, self.after, self.at)
    }
}

/// None for what is no number.
fn number<'de, D: Deserializer<'de>, T: FromStr>(value: D) -> Result<Option<T>, D::Error> {
    Ok(String::deserialize(value)?.parse().ok())
}

impl<T: DeserializeOwned + Default> Query<T> {
    pub fn of(uri: &Uri) -> Self {
        let query = AxumQuery::try_from_uri(uri);
        Self(query.map(|AxumQuery(query)| query).unwrap_or_default())
    }
}

impl<S: Sync, T: DeserializeOwned + Default> FromRequestParts<S> for Query<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri))
    }
}

impl<T: DeserializeOwned + Send + 'static> FromRequestParts<State> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        if let Ok(AxumPath(parameters)) = parts.extract().await {
            return Ok(Self(parameters));
        }
        let context = parts.extract::<Extension<RequestContext>>().await;
        let Extension(context) = context.map_err(IntoResponse::into_response)?;
        let page = PageRequest::new(state, context, parts.clone());
        Err(page.not_found(StatusCode::NOT_FOUND).await)
    }
}
