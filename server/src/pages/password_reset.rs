//! The link by which a user chooses a new password.

use super::{PageRequest, address::Path};
use app::pages::PasswordResetPage;
use axum::{http::StatusCode, response::Response};
use domain::error::AppError;

pub async fn show(Path(token): Path<String>, page: PageRequest) -> Response {
    match page.chat().open_reset(&token).await {
        Ok(token) => page.render(PasswordResetPage { token: Some(token) }).await,
        Err(AppError::Gone) => {
            page.render_as(StatusCode::GONE, PasswordResetPage { token: None }).await
        }
        Err(error) => page.fail(error).await,
    }
}
