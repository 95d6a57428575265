//! Invitation links: making and revoking them, joining by one.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Redirects to the page that shows the link, once.
#[server(endpoint = "create_invite_link", output = Json)]
pub async fn create_invite_link(
    room: String,
    lifetime: String,
    uses: String,
    #[server(default)] client_id: String,
    #[server(default)] token: String,
) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::RoomId,
        invitation_links::{ExpiresAfter, MaxUses, SecretToken},
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    let lifetime = ExpiresAfter::from_code(&lifetime).ok_or(AppError::Malformed)?;
    let uses = MaxUses::from_code(&uses).ok_or(AppError::Malformed)?;
    let once = crate::context::client_id(&client_id)?.zip(SecretToken::parse(&token).ok());
    let form = chat::CreateInviteLink { lifetime, uses, once };
    let token = request.chat.create_invite_link(request.actor()?, room, form).await?;
    Ok(Redirect::at(crate::paths::room_invite_link(room, token.as_str())))
}

#[server(endpoint = "revoke_link", output = Json)]
pub async fn revoke_link(room: String, link: String) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::{InvitationLinkId, RoomId},
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    let link =
        InvitationLinkId::parse(&link).map_err(|_| AppError::NotFound(What::InvitationLink))?;
    request.chat.revoke_link(request.actor()?, room, link).await?;
    Ok(Redirect::at(crate::paths::room_invite(room)))
}

/// Joins by a link, as a user with an account. Others sign up with it.
#[server(endpoint = "join_by_link", output = Json)]
pub async fn join_by_link(invitation: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let room = request.chat.join_by_link(request.actor()?, &invitation).await?;
    Ok(Redirect::at(crate::paths::room(room)))
}
