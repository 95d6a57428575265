//! Saying that one has read what was told about one's account.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Goes on to where the notices had held the user up. `through` is the newest notice that the page showed.
#[server(endpoint = "mark_notices_read", output = Json)]
pub async fn mark_notices_read(
    #[server(default)] through: String,
    #[server(default)] next: String,
) -> Result<Redirect, ServerError> {
    use domain::{error::AppError, ids::NoticeId};
    let request = crate::context::request()?;
    let actor = request.actor()?;
    let through = NoticeId::parse(&through).map_err(|_| AppError::Malformed)?;
    request.chat.mark_notices_read(actor, through).await?;
    Ok(Redirect::at(domain::sessions::safe_path(&next)))
}
