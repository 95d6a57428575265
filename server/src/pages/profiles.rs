//! The user's own profiles.

use super::{UserPageRequest, address::Path};
use app::pages::{AvatarOwner, AvatarPage, ProfilePage, ProfilesPage};
use axum::response::Response;
use domain::ids::ProfileId;

pub async fn list(page: UserPageRequest) -> Response {
    let profiles = page.chat().profile_assignments(&page.actor).await;
    page.respond(profiles.map(ProfilesPage)).await
}

pub async fn show(Path(profile): Path<ProfileId>, page: UserPageRequest) -> Response {
    let profile = page.chat().profile(&page.actor, profile).await;
    page.respond(profile.map(ProfilePage)).await
}

pub async fn avatar(Path(profile): Path<ProfileId>, page: UserPageRequest) -> Response {
    let profile = page.chat().profile(&page.actor, profile).await;
    page.respond(profile.map(AvatarOwner::Profile).map(AvatarPage)).await
}
