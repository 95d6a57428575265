//! Signing up.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "sign_up", output = Json)]
pub async fn sign_up(
    #[server(default)] name: String,
    email: String,
    password: String,
    #[server(default)] next: String,
    #[server(default)] invitation: String,
    #[server(default)] setup: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let [invitation, setup_link] =
        [invitation, setup].map(|secret| Some(secret).filter(|secret| !secret.is_empty()));
    let at_the_machine = request.at_the_machine;
    let form = chat::SignUp { email, name, password, invitation, setup_link, at_the_machine };
    let signed_up = request.chat.sign_up(form, &request.client_info).await?;
    request.enter(&signed_up.token).await;
    Ok(match signed_up.room {
        Some(room) => Redirect::at(crate::paths::room(room)),
        None => Redirect::at(domain::sessions::safe_path(&next)),
    })
}
