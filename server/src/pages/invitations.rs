//! Inviting into a room, and joining by a link.

use super::{
    PageRequest, UserPageRequest,
    address::{ListQuery, Path, Query},
};
use app::{
    pages::{InviteLinkPage, InvitePage, InviteSignUpPage, JoinPage, Joining},
    paths,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chat::InviteLinkView;
use domain::{error::AppError, ids::RoomId};

pub async fn invite(
    Path(room): Path<RoomId>,
    Query(query): Query<ListQuery>,
    page: UserPageRequest,
) -> Response {
    let (search, number, first) = (&query.search, query.page(), page.collation());
    let options = page.chat().inviting(&page.actor, room, search, number, first).await;
    page.respond(options.map(InvitePage)).await
}

pub async fn link(Path((room, token)): Path<(RoomId, String)>, page: UserPageRequest) -> Response {
    let link = page.chat().hand_out_link(&page.actor, room, &token).await;
    page.respond(link.map(InviteLinkPage)).await
}

/// An invitation link. A member of the room is redirected to it.
pub async fn join(Path(token): Path<String>, page: PageRequest) -> Response {
    let actor = page.context.request.actor.as_ref();
    let (status, joining) = match page.chat().open_link(actor, &token).await {
        Ok(InviteLinkView::Joined(room)) => {
            return Redirect::to(&paths::room(room)).into_response();
        }
        Ok(InviteLinkView::Invited(invitation)) => (page.status(), Joining::Invited(invitation)),
        Ok(InviteLinkView::Refused) => (StatusCode::GONE, Joining::Refused),
        Err(AppError::Gone) => (StatusCode::GONE, Joining::Gone),
        Err(error) => return page.fail(error).await,
    };
    if actor.is_some() {
        return page.render_as(status, JoinPage(joining)).await;
    }
    let invitation = joining.invitation().cloned();
    match page.chat().registration_mode().await {
        Ok(mode) => page.render_as(status, InviteSignUpPage { invitation, mode }).await,
        Err(error) => page.fail(error).await,
    }
}
