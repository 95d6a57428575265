//! The user's own account.

use super::UserPageRequest;
use app::pages::{AccountPage, DeletionPage, EmailPage, PasswordPage, TwoFactorPage};
use axum::response::Response;
use domain::error::AppError;

pub async fn show(page: UserPageRequest) -> Response {
    let account = load(&page).await;
    page.respond(account).await
}

async fn load(page: &UserPageRequest) -> Result<AccountPage, AppError> {
    let account = page.chat().account(&page.actor).await?;
    let administers = page.chat().is_administrator(&page.actor).await?;
    Ok(AccountPage { account, administers })
}

pub async fn email(page: UserPageRequest) -> Response {
    let account = page.chat().account(&page.actor).await;
    let account =
        account.map(|account| EmailPage { email: account.email, shared: account.email_is_shared });
    page.respond(account).await
}

pub async fn password(page: UserPageRequest) -> Response {
    let account = page.chat().account(&page.actor).await;
    page.respond(account.map(|account| PasswordPage { email: account.email })).await
}

pub async fn two_factor(page: UserPageRequest) -> Response {
    let step = page.chat().two_factor(&page.actor).await;
    page.respond(step.map(TwoFactorPage)).await
}

pub async fn deletion(page: UserPageRequest) -> Response {
    page.render(DeletionPage).await
}
