//! Signing out on other devices.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Signs the caller out on one of their devices: on the current one it is the same as signing out.
#[server(endpoint = "end_device", output = Json)]
pub async fn end_device(session: String) -> Result<Redirect, ServerError> {
    use domain::{error::AppError, ids::SessionId};
    let request = crate::context::request()?;
    let actor = request.actor()?;
    let session = SessionId::parse(&session).map_err(|_| AppError::Malformed)?;
    request.chat.end_device(actor, session).await?;
    if session != actor.session() {
        return Ok(Redirect::at(crate::paths::ACCOUNT));
    }
    request.end_session();
    Ok(Redirect::at(crate::paths::SIGN_IN))
}

#[server(endpoint = "end_other_devices", output = Json)]
pub async fn end_other_devices() -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let actor = request.actor()?;
    request.chat.end_other_devices(actor).await?;
    request.remember_device(actor).await;
    Ok(Redirect::at(crate::paths::ACCOUNT))
}
