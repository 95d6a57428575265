//! The caller's profiles.

use crate::codec::Json;
use crate::forms::{Redirect, ServerError};
use leptos::prelude::*;

#[server(endpoint = "create_profile", output = Json)]
pub async fn create_profile(
    name: String,
    #[server(default)] client_id: String,
) -> Result<Redirect, ServerError> {
    let request = crate::context::request()?;
    let client_id = crate::context::client_id(&client_id)?;
    let profile = request.chat.create_profile(request.actor()?, client_id, &name).await?;
    Ok(Redirect::at(crate::paths::profile(profile)))
}

#[server(endpoint = "rename_profile", output = Json)]
pub async fn rename_profile(profile: String, name: String) -> Result<Redirect, ServerError> {
    use domain::{error::AppError, ids::ProfileId};
    let request = crate::context::request()?;
    let profile = ProfileId::parse(&profile).map_err(|_| AppError::Malformed)?;
    request.chat.rename_profile(request.actor()?, profile, &name).await?;
    Ok(Redirect::at(crate::paths::PROFILES))
}

#[server(endpoint = "set_default_profile", output = Json)]
pub async fn set_default_profile(profile: String) -> Result<Redirect, ServerError> {
    use domain::{error::AppError, ids::ProfileId};
    let request = crate::context::request()?;
    let profile = ProfileId::parse(&profile).map_err(|_| AppError::Malformed)?;
    request.chat.set_default_profile(request.actor()?, profile).await?;
    Ok(Redirect::at(crate::paths::PROFILES))
}

#[server(endpoint = "delete_profile", output = Json)]
pub async fn delete_profile(profile: String) -> Result<Redirect, ServerError> {
    use domain::{error::AppError, ids::ProfileId};
    let request = crate::context::request()?;
    let profile = ProfileId::parse(&profile).map_err(|_| AppError::Malformed)?;
    request.chat.delete_profile(request.actor()?, profile).await?;
    Ok(Redirect::at(crate::paths::PROFILES))
}

/// Chooses which profile a room sees; an empty one is the default.
#[server(endpoint = "set_room_profile", output = Json)]
pub async fn set_room_profile(
    room: String,
    #[server(default)] profile: String,
) -> Result<Redirect, ServerError> {
    use domain::{
        error::AppError,
        ids::{ProfileId, RoomId},
    };
    let request = crate::context::request()?;
    let room = RoomId::parse(&room).map_err(|_| AppError::Malformed)?;
    let profile = Some(profile).filter(|profile| !profile.is_empty());
    let profile = profile.map(|profile| ProfileId::parse(&profile)).transpose();
    let profile = profile.map_err(|_| AppError::Malformed)?;
    request.chat.set_room_profile(request.actor()?, room, profile).await?;
    Ok(Redirect::at(crate::paths::PROFILES))
}

/// Removes a profile's avatar. Setting one is an upload, which `server` takes.
#[server(endpoint = "clear_avatar", output = Json)]
pub async fn clear_avatar(profile: String) -> Result<Redirect, ServerError> {
    use domain::{error::AppError, ids::ProfileId};
    let request = crate::context::request()?;
    let profile = ProfileId::parse(&profile).map_err(|_| AppError::Malformed)?;
    request.chat.clear_avatar(request.actor()?, profile).await?;
    Ok(Redirect::at(crate::paths::profile(profile)))
}
