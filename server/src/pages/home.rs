//! Home.

use super::UserPageRequest;
use axum::response::Response;

pub async fn show(page: UserPageRequest) -> Response {
    match page.chat().rooms(&page.actor).await {
        Ok(rooms) => page.render_app(rooms, None).await,
        Err(error) => page.fail(error).await,
    }
}
