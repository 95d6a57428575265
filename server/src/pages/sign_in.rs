//! Signing in and up. Signed-in users are redirected before they get here.

use super::{
    PageRequest,
    address::{NextQuery, Query},
};
use app::pages::{NotSetUpPage, ServerPage, SignInCodePage, SignInPage, SignUpPage};
use axum::response::Response;
use domain::{admin::RegistrationMode, error::AppError};

pub async fn sign_in(Query(NextQuery { next }): Query<NextQuery>, page: PageRequest) -> Response {
    show(page, |mode| SignInPage { next, mode }).await
}

/// The page for the second factor's code, after the password.
pub async fn code(Query(NextQuery { next }): Query<NextQuery>, page: PageRequest) -> Response {
    show(page, |_| SignInCodePage { next }).await
}

pub async fn sign_up(Query(NextQuery { next }): Query<NextQuery>, page: PageRequest) -> Response {
    show(page, |mode| SignUpPage { next, mode }).await
}

async fn show<P: ServerPage>(
    page: PageRequest,
    form: impl FnOnce(RegistrationMode) -> P,
) -> Response {
    match registration(&page).await {
        Ok(Some(mode)) => page.render(form(mode)).await,
        Ok(None) => page.render(NotSetUpPage).await,
        Err(error) => page.fail(error).await,
    }
}

/// Who may sign up. None while there is no account: until then only callers on the machine itself may sign up
/// without the set-up link, whatever mode an earlier state of the database had.
async fn registration(page: &PageRequest) -> Result<Option<RegistrationMode>, AppError> {
    if page.chat().is_set_up().await? {
        return page.chat().registration_mode().await.map(Some);
    }
    Ok(page.context.request.at_the_machine.then_some(RegistrationMode::Open))
}
