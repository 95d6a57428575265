//! A room, and the list of rooms.

use super::{
    UserPageRequest,
    address::{HistoryQuery, ListQuery, Query},
};
use app::pages::{RoomPreviewPage, RoomsPage};
use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use domain::{
    error::{AppError, What},
    ids::RoomId,
    room_view::RoomView,
};

/// A room: its messages for a member, else its preview.
pub async fn show(
    room: Result<Path<RoomId>, PathRejection>,
    Query(query): Query<HistoryQuery>,
    page: UserPageRequest,
) -> Response {
    let rooms = match page.chat().rooms(&page.actor).await {
        Ok(rooms) => rooms,
        Err(error) => return page.fail(error).await,
    };
    let view = match room {
        Ok(Path(room)) => page.chat().view_room(&page.actor, room, query.anchor()).await,
        Err(_) => Err(AppError::NotFound(What::Room)),
    };
    match view {
        Ok(RoomView::Preview(preview)) => page.render(RoomPreviewPage(preview)).await,
        Ok(RoomView::Joined(inside)) => page.render_app(rooms, Some(Ok(inside))).await,
        Err(error) => page.render_app(rooms, Some(Err(error))).await,
    }
}

pub async fn list(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let (chat, first) = (page.chat(), page.collation());
    let rooms = chat.open_rooms(&page.actor, &query.search, query.page(), first).await;
    page.respond(rooms.map(RoomsPage)).await
}
