//! One-to-one rooms.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Opens the room of the caller and this user; it is always the same one.
#[server(endpoint = "open_direct_room", output = Json)]
pub async fn open_direct_room(user: String) -> Result<Redirect, ServerError> {
    use domain::{
        error::{AppError, What},
        ids::UserId,
    };
    let request = crate::context::request()?;
    let user = UserId::parse(&user).map_err(|_| AppError::NotFound(What::User))?;
    let room = request.chat.open_direct_room(request.actor()?, user).await?;
    Ok(Redirect::at(crate::paths::room(room)))
}
