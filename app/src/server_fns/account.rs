//! Changing and deleting the caller's own account.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "change_email", output = Json)]
pub async fn change_email(email: String, password: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let form = chat::ChangeEmail { email, password };
    request.chat.change_email(request.actor()?, form, &request.client_info).await?;
    Ok(Redirect::at(crate::paths::ACCOUNT))
}

#[server(endpoint = "change_password", output = Json)]
pub async fn change_password(
    password: String,
    new_password: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let form = chat::ChangePassword { password, new_password };
    let actor = request.actor()?;
    request.chat.change_password(actor, form, &request.client_info).await?;
    request.remember_device(actor).await;
    Ok(Redirect::at(crate::paths::ACCOUNT))
}

#[server(endpoint = "delete_account", output = Json)]
pub async fn delete_account(
    password: String,
    #[server(default)] confirmed: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let (actor, is_confirmed) = (request.actor()?, confirmed == "yes");
    request.chat.delete_account(actor, &password, is_confirmed, &request.client_info).await?;
    request.end_session();
    Ok(Redirect::at(crate::paths::SIGN_IN))
}
