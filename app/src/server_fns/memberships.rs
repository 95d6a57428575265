//! Leaving a room, and moderating its members.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "leave_room", output = Json)]
pub async fn leave_room(room: String) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::RoomId,
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    request.chat.leave_room(request.actor()?, room).await?;
    Ok(Redirect::at(crate::paths::HOME))
}

#[server(endpoint = "remove_member", output = Json)]
pub async fn remove_member(room: String, user: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, user) = crate::context::room_and_user(&room, &user)?;
    request.chat.remove_member(request.actor()?, room, user).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

#[server(endpoint = "ban_member", output = Json)]
pub async fn ban_member(room: String, user: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, user) = crate::context::room_and_user(&room, &user)?;
    request.chat.ban_member(request.actor()?, room, user).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

#[server(endpoint = "unban_member", output = Json)]
pub async fn unban_member(room: String, user: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, user) = crate::context::room_and_user(&room, &user)?;
    request.chat.unban_member(request.actor()?, room, user).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

#[server(endpoint = "change_role", output = Json)]
pub async fn change_role(
    room: String,
    user: String,
    role: String,
) -> Result<Redirect, ServerError> {
    use domain::{error::AppError, memberships::Role};
    let request = crate::context::request()?;
    let (room, user) = crate::context::room_and_user(&room, &user)?;
    let role = Role::from_code(&role).ok_or(AppError::Malformed)?;
    request.chat.change_role(request.actor()?, room, user, role).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

#[server(endpoint = "transfer_ownership", output = Json)]
pub async fn transfer_ownership(room: String, user: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, user) = crate::context::room_and_user(&room, &user)?;
    request.chat.transfer_ownership(request.actor()?, room, user).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}
