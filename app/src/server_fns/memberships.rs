//! Going, and keeping order among those who are in.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "leave_room", output = Json)]
pub async fn leave_room(room: String) -> Result<Redirect, ServerError> {
    use domain::{ids::RoomId, problem::AppError};
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound)?;
    request.chat.leave_room(request.actor()?, room).await?;
    Ok(Redirect::at(crate::paths::HOME))
}

#[server(endpoint = "remove_member", output = Json)]
pub async fn remove_member(room: String, person: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, person) = crate::context::room_and_person(&room, &person)?;
    request.chat.remove_member(request.actor()?, room, person).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

#[server(endpoint = "ban_member", output = Json)]
pub async fn ban_member(room: String, person: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, person) = crate::context::room_and_person(&room, &person)?;
    request.chat.ban_member(request.actor()?, room, person).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

#[server(endpoint = "pardon_member", output = Json)]
pub async fn pardon_member(room: String, person: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, person) = crate::context::room_and_person(&room, &person)?;
    request.chat.pardon_member(request.actor()?, room, person).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

#[server(endpoint = "appoint_member", output = Json)]
pub async fn appoint_member(
    room: String,
    person: String,
    role: String,
) -> Result<Redirect, ServerError> {
    use domain::{memberships::Role, problem::AppError};
    let request = crate::context::request()?;
    let (room, person) = crate::context::room_and_person(&room, &person)?;
    let role = Role::from_code(&role).ok_or(AppError::Malformed)?;
    request.chat.appoint_member(request.actor()?, room, person, role).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}

#[server(endpoint = "hand_over_room", output = Json)]
pub async fn hand_over_room(room: String, person: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, person) = crate::context::room_and_person(&room, &person)?;
    request.chat.hand_over_room(request.actor()?, room, person).await?;
    Ok(Redirect::at(crate::paths::room_settings(room)))
}
