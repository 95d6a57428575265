//! The directory of users, and a user's card.

use super::{
    UserPageRequest,
    address::{ListQuery, Path, Query},
};
use app::pages::{UserPage, UsersPage};
use axum::response::Response;
use domain::ids::UserId;

pub async fn list(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let (chat, first) = (page.chat(), page.collation());
    let users = chat.directory(&page.actor, &query.search, query.page(), first).await;
    page.respond(users.map(UsersPage)).await
}

pub async fn show(Path(user): Path<UserId>, page: UserPageRequest) -> Response {
    let card = page.chat().card(&page.actor, user).await;
    page.respond(card.map(UserPage)).await
}
