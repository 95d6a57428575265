//! The second factor: setting it up, switching it off, and its code at sign-in.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "begin_two_factor", output = Json)]
pub async fn begin_two_factor(
    #[server(default)] password: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    request.chat.begin_two_factor(request.actor()?, &password, &request.client_info).await?;
    Ok(Redirect::at(crate::paths::ACCOUNT_TWO_STEP))
}

#[server(endpoint = "confirm_two_factor", output = Json)]
pub async fn confirm_two_factor(code: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    request.chat.confirm_two_factor(request.actor()?, &code).await?;
    Ok(Redirect::at(crate::paths::ACCOUNT_TWO_STEP))
}

#[server(endpoint = "end_two_factor", output = Json)]
pub async fn end_two_factor(#[server(default)] password: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    request.chat.end_two_factor(request.actor()?, &password, &request.client_info).await?;
    Ok(Redirect::at(crate::paths::ACCOUNT_TWO_STEP))
}

/// Completes a sign-in whose password was right.
#[server(endpoint = "submit_code", output = Json)]
pub async fn submit_code(
    code: String,
    #[server(default)] next: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let pending_login = request.pending_login.as_deref();
    let token =
        request.chat.complete_two_factor(pending_login, &code, &request.client_info).await?;
    request.end_pending_login();
    let first = request.enter(&token).await;
    Ok(Redirect::at(first.unwrap_or(domain::sessions::safe_path(&next))))
}
