//! The link by which the first account is made.

use super::{PageRequest, address::Path};
use app::pages::SetupPage;
use axum::{http::StatusCode, response::Response};
use domain::error::AppError;

pub async fn show(Path(token): Path<String>, page: PageRequest) -> Response {
    match page.chat().open_setup_link(&token).await {
        Ok(token) => page.render(SetupPage { token: Some(token) }).await,
        Err(AppError::Gone) => page.render_as(StatusCode::GONE, SetupPage { token: None }).await,
        Err(error) => page.fail(error).await,
    }
}
