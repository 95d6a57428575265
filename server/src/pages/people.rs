//! All users, and the card of one.

use super::{
    UserPageRequest,
    address::{ListQuery, Path, Query},
};
use app::pages::{PeoplePage, PersonPage};
use axum::response::Response;
use domain::ids::UserId;

pub async fn list(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let (chat, first) = (page.chat(), page.collation());
    let people = chat.directory(&page.actor, &query.search, query.page(), first).await;
    page.respond(people.map(PeoplePage)).await
}

pub async fn show(Path(person): Path<UserId>, page: UserPageRequest) -> Response {
    let card = page.chat().card(&page.actor, person).await;
    page.respond(card.map(PersonPage)).await
}
