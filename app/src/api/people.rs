//! Becoming a person of this house.

use crate::codec::Json;
use crate::forms::{Failure, Landing};
use leptos::prelude::*;

#[server(endpoint = "sign_up", output = Json)]
pub async fn sign_up(
    name: String,
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<Landing, Failure> {
    let request = crate::context::request()?;
    let form = chat::SignUp { email, name, password };
    let token = request.chat.sign_up(form, &request.visitor).await?;
    request.begin_session(&token);
    Ok(Landing::at(domain::sessions::safe_path(&next)))
}
