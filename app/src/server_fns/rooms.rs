//! Listing, making, joining and editing rooms.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use domain::rooms::RoomSummary;
use leptos::prelude::*;

/// The caller's rooms, the one with the newest activity first.
#[server(endpoint = "list_rooms", output = Json)]
pub async fn list_rooms() -> Result<Vec<RoomSummary>, ServerError> {
    let request = crate::context::request()?;
    Ok(request.chat.rooms(request.actor()?).await?)
}

#[server(endpoint = "create_room", output = Json)]
pub async fn create_room(
    title: String,
    #[server(default)] visibility: String,
    #[server(default)] client_id: String,
) -> Result<Redirect, ServerError> {
    use domain::{error::AppError, rooms::Visibility};
    let request = crate::context::request()?;
    let visibility = match visibility.as_str() {
        "" => Visibility::default(),
        code => Visibility::from_code(code).ok_or(AppError::Malformed)?,
    };
    let client_id = crate::context::client_id(&client_id)?;
    let room = request.chat.create_room(request.actor()?, client_id, &title, visibility).await?;
    Ok(Redirect::at(crate::paths::room(room)))
}

/// Changes a room's details, and who may join.
#[server(endpoint = "update_room", output = Json)]
pub async fn update_room(
    room: String,
    title: String,
    description: String,
    visibility: String,
) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::RoomId,
        rooms::Visibility,
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    let visibility = Visibility::from_code(&visibility).ok_or(AppError::Malformed)?;
    let form = chat::UpdateRoom { title, description, visibility };
    request.chat.update_room(request.actor()?, room, form).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

/// Removes a room's avatar. Setting one is an upload, which `server` takes.
#[server(endpoint = "clear_room_avatar", output = Json)]
pub async fn clear_room_avatar(room: String) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::RoomId,
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    request.chat.clear_room_avatar(request.actor()?, room).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

/// Closes a room for all its members.
#[server(endpoint = "close_room", output = Json)]
pub async fn close_room(room: String) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::RoomId,
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    request.chat.close_room(request.actor()?, room).await?;
    Ok(Redirect::at(crate::paths::HOME))
}

/// Joins by a pasted text with an id or a link. An invitation link redirects to its page.
#[server(endpoint = "join_room", output = Json)]
pub async fn join_room(room: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let actor = request.actor()?;
    if let Some(invitation) = domain::invitation_links::SecretToken::from_pasted(&room) {
        return Ok(Redirect::at(crate::paths::join(invitation.as_str())));
    }
    let room = request.chat.join_room(actor, &room).await?;
    Ok(Redirect::at(crate::paths::room(room)))
}
