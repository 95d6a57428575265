//! Marking notices as read.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Continues at the path from which the notices had redirected the user. `through` is the newest notice that
/// the page showed.
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
