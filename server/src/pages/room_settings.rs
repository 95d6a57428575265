//! A room's settings and its members.

use super::{
    UserPageRequest,
    address::{ListQuery, Path, Query},
};
use app::pages::{AvatarOwner, AvatarPage, RoomSettingsPage};
use axum::response::Response;
use domain::{
    error::{AppError, What},
    ids::RoomId,
    memberships::Role,
};

pub async fn show(
    Path(room): Path<RoomId>,
    Query(query): Query<ListQuery>,
    page: UserPageRequest,
) -> Response {
    let (search, number) = (&query.search, query.page());
    let settings = page.chat().room_settings(&page.actor, room, search, number).await;
    page.respond(settings.map(RoomSettingsPage)).await
}

/// For the owner alone.
pub async fn avatar(Path(room): Path<RoomId>, page: UserPageRequest) -> Response {
    let settings = page.chat().room_settings(&page.actor, room, "", 1).await;
    let settings = settings.and_then(|room| match room.role {
        Role::Owner => Ok(AvatarPage(AvatarOwner::Room(room))),
        _ => Err(AppError::NotFound(What::Page)),
    });
    page.respond(settings).await
}
