//! The page of every address without a route. Its forms work as on any page.

use super::PageRequest;
use axum::{http::StatusCode, response::Response};

pub async fn show(page: PageRequest) -> Response {
    let refusal = page.context.page.form_error.as_ref();
    let status = refusal.map_or(StatusCode::NOT_FOUND, |_| page.status());
    page.not_found(status).await
}
