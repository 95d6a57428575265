//! Talking with one person.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Opens the room of the caller and this person, which is always the same one.
#[server(endpoint = "talk", output = Json)]
pub async fn talk(person: String) -> Result<Redirect, ServerError> {
    use domain::{ids::UserId, problem::AppError};
    let request = crate::context::request()?;
    let person = UserId::parse(&person).map_err(|_| AppError::NotFound)?;
    let room = request.chat.open_direct_room(request.actor()?, person).await?;
    Ok(Redirect::at(crate::paths::room(room)))
}
