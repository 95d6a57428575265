//! What administrators look after.

use super::{
    UserPageRequest,
    address::{ListQuery, Path, Query},
};
use app::pages::{
    AdminRoomsPage, AdminUserPage, AdminUsersPage, AuditLogPage, RegistrationPage, ResetLinkPage,
};
use axum::response::Response;
use domain::{house::SignUpMode, ids::PersonId, problem::Problem};

pub async fn users(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let users = page.chat().residents(&page.actor, &query.search, query.page()).await;
    page.respond(users.map(AdminUsersPage)).await
}

pub async fn user(Path(user): Path<PersonId>, page: UserPageRequest) -> Response {
    let user = page.chat().housed(&page.actor, user).await;
    page.respond(user.map(AdminUserPage)).await
}

/// Shows a link by which the user chooses a new password, as long as it is good.
pub async fn reset_link(
    Path((user, token)): Path<(PersonId, String)>,
    page: UserPageRequest,
) -> Response {
    let link = load_reset_link(&page, user, &token).await;
    page.respond(link).await
}

async fn load_reset_link(
    page: &UserPageRequest,
    user: PersonId,
    token: &str,
) -> Result<ResetLinkPage, Problem> {
    let user = page.chat().housed(&page.actor, user).await?;
    let token = page.chat().open_reset(token).await.map_err(|_| Problem::NotFound)?;
    Ok(ResetLinkPage { user, token })
}

pub async fn rooms(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let rooms = page.chat().house_rooms(&page.actor, query.page()).await;
    page.respond(rooms.map(AdminRoomsPage)).await
}

pub async fn registration(page: UserPageRequest) -> Response {
    let mode = load_registration(&page).await;
    page.respond(mode.map(RegistrationPage)).await
}

async fn load_registration(page: &UserPageRequest) -> Result<SignUpMode, Problem> {
    if !page.chat().is_administrator(&page.actor).await? {
        return Err(Problem::NotFound);
    }
    page.chat().sign_up_mode().await
}

pub async fn log(Query(query): Query<ListQuery>, page: UserPageRequest) -> Response {
    let log = page.chat().deeds(&page.actor, query.page()).await;
    page.respond(log.map(AuditLogPage)).await
}
