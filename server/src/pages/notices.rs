//! What others changed in the user's account.

use super::{
    UserPageRequest,
    address::{NextQuery, Query},
};
use app::pages::NoticesPage;
use axum::response::Response;

pub async fn show(Query(NextQuery { next }): Query<NextQuery>, page: UserPageRequest) -> Response {
    let notices = page.chat().notices(&page.actor).await;
    page.respond(notices.map(|notices| NoticesPage { notices, next })).await
}
