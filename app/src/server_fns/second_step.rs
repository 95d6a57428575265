//! The second step: setting it up, giving it up, and taking it at sign-in.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "begin_second_step", output = Json)]
pub async fn begin_second_step(
    #[server(default)] password: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    request.chat.begin_second_step(request.actor()?, &password, &request.client_info).await?;
    Ok(Redirect::at(crate::paths::ACCOUNT_TWO_STEP))
}

#[server(endpoint = "confirm_second_step", output = Json)]
pub async fn confirm_second_step(code: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    request.chat.confirm_second_step(request.actor()?, &code).await?;
    Ok(Redirect::at(crate::paths::ACCOUNT_TWO_STEP))
}

#[server(endpoint = "end_second_step", output = Json)]
pub async fn end_second_step(#[server(default)] password: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    request.chat.end_second_step(request.actor()?, &password, &request.client_info).await?;
    Ok(Redirect::at(crate::paths::ACCOUNT_TWO_STEP))
}

/// Signs somebody in whose password was right.
#[server(endpoint = "enter_code", output = Json)]
pub async fn enter_code(
    code: String,
    #[server(default)] next: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let half_way = request.half_way.as_deref();
    let token = request.chat.complete_two_factor(half_way, &code, &request.client_info).await?;
    request.end_half_way();
    let first = request.enter(&token).await;
    Ok(Redirect::at(first.unwrap_or(domain::sessions::safe_path(&next))))
}
