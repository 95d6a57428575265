//! Looking after the instance.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Chooses who may become somebody here.
#[server(endpoint = "choose_sign_up", output = Json)]
pub async fn choose_sign_up(mode: String) -> Result<Redirect, ServerError> {
    use domain::{admin::RegistrationMode, problem::AppError};
    let request = crate::context::request()?;
    let mode = RegistrationMode::from_code(&mode).ok_or(AppError::Malformed)?;
    request.chat.choose_sign_up(request.actor()?, mode).await?;
    Ok(Redirect::at(crate::paths::ADMIN_SIGN_UP))
}

/// Does one of the deeds of `domain::admin` to somebody.
#[server(endpoint = "do_to_person", output = Json)]
pub async fn do_to_person(person: String, deed: String) -> Result<Redirect, ServerError> {
    use domain::{admin::AdminAction, ids::UserId, problem::AppError};
    let request = crate::context::request()?;
    let person = UserId::parse(&person).map_err(|_| AppError::NotFound)?;
    let deed = AdminAction::from_code(&deed).ok_or(AppError::Malformed)?;
    if deed == AdminAction::MadeReset {
        let token = request.chat.make_reset(request.actor()?, person).await?;
        return Ok(Redirect::at(crate::paths::admin_person_reset(person, token.as_str())));
    }
    request.chat.run_admin_action(request.actor()?, person, deed).await?;
    Ok(Redirect::at(crate::paths::admin_person(person)))
}

/// Chooses a new password by a link. Whoever has done that signs in with it.
#[server(endpoint = "reset_password", output = Json)]
pub async fn reset_password(token: String, password: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let device = request.chat.reset_password(&token, &password, &request.client_info).await?;
    request.begin_device(&device);
    Ok(Redirect::at(crate::paths::SIGN_IN))
}
