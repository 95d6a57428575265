//! Saying that one has read what was told about one's account.

use crate::codec::Json;
use crate::forms::{Failure, Landing};
use leptos::prelude::*;

/// Goes on to where the notices had held the user up.
#[server(endpoint = "mark_notices_read", output = Json)]
pub async fn mark_notices_read(#[server(default)] next: String) -> Result<Landing, Failure> {
    let request = crate::context::request()?;
    request.chat.mark_notices_read(request.actor()?).await?;
    Ok(Landing::at(domain::sessions::safe_path(&next)))
}
