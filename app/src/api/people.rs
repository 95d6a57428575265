//! Becoming a person of this house.

use crate::codec::Json;
use crate::forms::{Failure, Landing};
use leptos::prelude::*;

#[server(endpoint = "sign_up", output = Json)]
pub async fn sign_up(
    #[server(default)] name: String,
    email: String,
    password: String,
    #[server(default)] next: String,
    #[server(default)] invitation: String,
) -> Result<Landing, Failure> {
    let request = crate::context::request()?;
    let invitation = Some(invitation).filter(|invitation| !invitation.is_empty());
    let form = chat::SignUp { email, name, password, invitation };
    let signed_up = request.chat.sign_up(form, &request.visitor).await?;
    request.enter(&signed_up.token).await;
    Ok(match signed_up.room {
        Some(room) => Landing::at(format!("/room/{room}")),
        None => Landing::at(domain::sessions::safe_path(&next)),
    })
}
