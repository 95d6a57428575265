//! Posting without a socket, and reading older messages.

use crate::{
    codec::Json,
    forms::{Redirect, ServerError},
};
use domain::history::HistoryPage;
use leptos::prelude::*;

/// The composer's form, for pages without scripts.
#[server(endpoint = "post_message", output = Json)]
pub async fn post_message(
    room: String,
    client_id: String,
    text: String,
) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, Field},
        ids::{ClientId, RoomId},
        messages::MessageText,
    };
    let request = crate::context::request()?;
    let actor = request.actor()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::Malformed)?;
    let client_id = ClientId::parse(&client_id).map_err(|_| AppError::Malformed)?;
    let text = MessageText::parse(&text).map_err(|error| AppError::invalid(Field::Text, error))?;
    request.chat.post(actor, room, client_id, text).await?;
    Ok(Redirect::at(crate::paths::room(room)))
}

/// A page of a room's history: its end, or what comes before, after or around a place.
#[server(endpoint = "read_page", output = Json)]
pub async fn read_page(
    room: String,
    before: Option<i64>,
    after: Option<i64>,
    at: Option<i64>,
) -> Result<HistoryPage, ServerError> {
    use domain::{
        error::{AppError, What},
        history::PageAnchor,
        ids::RoomId,
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::NotFound(What::Room))?;
    Ok(request.chat.page(request.actor()?, room, PageAnchor::of(before, after, at)).await?)
}
