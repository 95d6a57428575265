//! The administrator's pages.

use super::{
    UserPageRequest,
    address::{ListQuery, Path, Query},
};
use app::pages::{AdminListPage, AdminUserPage, RegistrationPage, ResetLinkPage};
use axum::response::Response;
use domain::{
    admin::RegistrationMode,
    error::{AppError, What},
    ids::UserId,
};

pub async fn users(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let users = page.chat().admin_users(&page.actor, &query.search, query.page()).await;
    page.respond(users.map(AdminListPage)).await
}

pub async fn user(Path(user): Path<UserId>, page: UserPageRequest) -> Response {
    let user = page.chat().admin_user_detail(&page.actor, user).await;
    page.respond(user.map(AdminUserPage)).await
}

/// Shows a link for a new password, for as long as it is valid.
pub async fn reset_link(
    Path((user, token)): Path<(UserId, String)>,
    page: UserPageRequest,
) -> Response {
    let link = load_reset_link(&page, user, &token).await;
    page.respond(link).await
}

async fn load_reset_link(
    page: &UserPageRequest,
    user: UserId,
    token: &str,
) -> Result<ResetLinkPage, AppError> {
    let user = page.chat().admin_user_detail(&page.actor, user).await?;
    let token = page.chat().open_reset(token).await.map_err(|_| AppError::NotFound(What::Page))?;
    Ok(ResetLinkPage { user, token })
}

pub async fn rooms(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let rooms = page.chat().admin_rooms(&page.actor, query.page()).await;
    page.respond(rooms.map(AdminListPage)).await
}

pub async fn registration(page: UserPageRequest) -> Response {
    let mode = load_registration(&page).await;
    page.respond(mode.map(RegistrationPage)).await
}

async fn load_registration(page: &UserPageRequest) -> Result<RegistrationMode, AppError> {
    if !page.chat().is_administrator(&page.actor).await? {
        return Err(AppError::NotFound(What::Page));
    }
    page.chat().registration_mode().await
}

pub async fn log(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let log = page.chat().audit_log(&page.actor, query.page()).await;
    page.respond(log.map(AdminListPage)).await
}
