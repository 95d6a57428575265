//! Asking people into a room by name, and answering.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Asks everybody who was chosen.
#[server(endpoint = "invite_people", output = Json)]
pub async fn invite_people(
    room: String,
    #[server(default)] people: Vec<String>,
) -> Result<Redirect, ServerError> {
    use domain::{
        ids::{RoomId, UserId},
        problem::AppError,
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound)?;
    let people: Result<Vec<_>, _> = people.iter().map(|id| UserId::parse(id)).collect();
    let people = people.map_err(|_| AppError::Malformed)?;
    request.chat.invite(request.actor()?, room, &people).await?;
    Ok(Redirect::at(crate::paths::room_invite(room)))
}

#[server(endpoint = "withdraw_invitation", output = Json)]
pub async fn withdraw_invitation(room: String, person: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, person) = crate::context::room_and_person(&room, &person)?;
    request.chat.withdraw_invitation(request.actor()?, room, person).await?;
    Ok(Redirect::at(crate::paths::room_invite(room)))
}

#[server(endpoint = "decline_invitation", output = Json)]
pub async fn decline_invitation(room: String) -> Result<Redirect, ServerError> {
    use domain::{ids::RoomId, problem::AppError};
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound)?;
    request.chat.decline_invitation(request.actor()?, room).await?;
    Ok(Redirect::at(crate::paths::HOME))
}
