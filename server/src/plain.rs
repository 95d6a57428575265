//! What the pages show that the server draws alone: one line for each address.

use app::Plain;
use axum::http::Uri;
use chat::{Actor, Chat};
use domain::problem::Problem;

/// Reads what the page at this address shows. None when it is none of these pages.
pub async fn read(chat: &Chat, actor: &Actor, uri: &Uri) -> Option<Result<Plain, Problem>> {
    let steps: Vec<_> = uri.path().split('/').filter(|step| !step.is_empty()).collect();
    let page = match steps.as_slice() {
        ["account"] => chat.devices(actor).await.map(Plain::Account),
        _ => return None,
    };
    Some(page)
}
