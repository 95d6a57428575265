//! Signing in and out.

use crate::codec::Json;
use crate::forms::{Failure, Landing};
use leptos::prelude::*;

#[server(endpoint = "sign_in", output = Json)]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<Landing, Failure> {
    let request = crate::context::request()?;
    let token = request.chat.sign_in(chat::SignIn { email, password }, &request.visitor).await?;
    if let Some(earlier) = &request.actor {
        request.chat.sign_out(earlier).await?;
    }
    request.begin_session(&token);
    Ok(Landing::at(domain::sessions::safe_path(&next)))
}

#[server(endpoint = "sign_out", output = Json)]
pub async fn sign_out() -> Result<Landing, Failure> {
    let request = crate::context::request()?;
    if let Some(actor) = &request.actor {
        request.chat.sign_out(actor).await?;
    }
    request.end_session();
    Ok(Landing::at("/sign-in"))
}
