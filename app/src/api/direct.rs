//! Talking with one person.

use crate::codec::Json;
use crate::forms::{Failure, Landing};
use leptos::prelude::*;

/// Opens the room of the caller and this person, which is always the same one.
#[server(endpoint = "talk", output = Json)]
pub async fn talk(person: String) -> Result<Landing, Failure> {
    use domain::{ids::PersonId, problem::Problem};
    let request = crate::context::request()?;
    let person = PersonId::parse(&person).map_err(|_| Problem::NotFound)?;
    let room = request.chat.open_direct_room(request.actor()?, person).await?;
    Ok(Landing::at(crate::paths::room(room)))
}
