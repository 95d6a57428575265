//! Signing in and out.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "sign_in", output = Json)]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let next = domain::sessions::safe_path(&next);
    match request.chat.sign_in(chat::SignIn { email, password }, &request.client_info).await? {
        chat::LoginResult::Session(token) => {
            let first = request.enter(&token).await;
            Ok(Redirect::at(first.unwrap_or(next)))
        }
        chat::LoginResult::NeedsCode(token) => {
            request.begin_pending_login(&token);
            Ok(Redirect::at(crate::paths::with_next(crate::paths::SIGN_IN_CODE, next)))
        }
    }
}

#[server(endpoint = "sign_out", output = Json)]
pub async fn sign_out() -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    if let Some(actor) = &request.actor {
        request.chat.sign_out(actor).await?;
    }
    request.end_session();
    Ok(Redirect::at(crate::paths::SIGN_IN))
}
