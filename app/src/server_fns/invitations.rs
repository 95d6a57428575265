//! Inviting users into a room by name, and answering invitations.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Invites the chosen users.
#[server(endpoint = "invite_users", output = Json)]
pub async fn invite_users(
    room: String,
    #[server(default)] users: Vec<String>,
) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::{RoomId, UserId},
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    let users: Result<Vec<_>, _> = users.iter().map(|id| UserId::parse(id)).collect();
    let users = users.map_err(|_| AppError::Malformed)?;
    request.chat.invite(request.actor()?, room, &users).await?;
    Ok(Redirect::at(crate::paths::room_invite(room)))
}

#[server(endpoint = "revoke_invitation", output = Json)]
pub async fn revoke_invitation(room: String, user: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (room, user) = crate::context::room_and_user(&room, &user)?;
    request.chat.revoke_invitation(request.actor()?, room, user).await?;
    Ok(Redirect::at(crate::paths::room_invite(room)))
}

#[server(endpoint = "decline_invitation", output = Json)]
pub async fn decline_invitation(room: String) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::RoomId,
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    request.chat.decline_invitation(request.actor()?, room).await?;
    Ok(Redirect::at(crate::paths::HOME))
}
