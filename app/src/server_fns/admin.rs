//! Administering the instance.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

/// Chooses who may sign up.
#[server(endpoint = "set_registration", output = Json)]
pub async fn set_registration(mode: String) -> Result<Redirect, ServerError> {
    use domain::{admin::RegistrationMode, error::AppError};
    let request = crate::context::request()?;
    let mode = RegistrationMode::from_code(&mode).ok_or(AppError::Malformed)?;
    request.chat.set_registration(request.actor()?, mode).await?;
    Ok(Redirect::at(crate::paths::ADMIN_SIGN_UP))
}

/// Runs one of the actions of `domain::admin` on a user.
#[server(endpoint = "run_admin_action", output = Json)]
pub async fn run_admin_action(user: String, action: String) -> Result<Redirect, ServerError> {
    use domain::{
        admin::AdminAction,
        error::{AppError, What},
        ids::UserId,
    };
    let request = crate::context::request()?;
    let user = UserId::parse(&user).map_err(|_| AppError::NotFound(What::User))?;
    let action = AdminAction::from_code(&action).ok_or(AppError::Malformed)?;
    if action == AdminAction::IssuePasswordReset {
        let token = request.chat.issue_password_reset(request.actor()?, user).await?;
        return Ok(Redirect::at(crate::paths::admin_user_reset(user, token.as_str())));
    }
    request.chat.run_admin_action(request.actor()?, user, action).await?;
    Ok(Redirect::at(crate::paths::admin_user(user)))
}

/// Chooses a new password by a link. The user signs in with it afterwards.
#[server(endpoint = "reset_password", output = Json)]
pub async fn reset_password(token: String, password: String) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let device = request.chat.reset_password(&token, &password, &request.client_info).await?;
    request.begin_device(&device);
    Ok(Redirect::at(crate::paths::SIGN_IN))
}
