//! `/account/export`: the user's own data, as a file to download. It is streamed while it is read.

use crate::auth::{RequestContext, refuse, to_sign_in};
use axum::{
    Extension,
    body::Body,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use chat::Export;
use futures::stream;

pub async fn download(Extension(context): Extension<RequestContext>, uri: Uri) -> Response {
    let Some(actor) = &context.request.actor else { return to_sign_in(&uri) };
    let instance = &context.request.chat;
    let export = match instance.export(actor).await {
        Ok(export) => export,
        Err(error) => return refuse(&error, context.page.language),
    };
    let day = instance.now().iso().chars().take(10).collect::<String>();
    let name = format!("attachment; filename=\"sarangbang-{day}.json\"");
    let name = match HeaderValue::try_from(name) {
        Ok(name) => name,
        Err(error) => return refuse(&chat::internal_error(&error), context.page.language),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    // The error has been logged; the browser reports a download that ends early as failed.
    let pieces = stream::try_unfold(export, async |mut export: Export| {
        let piece = export.next().await.map_err(std::io::Error::other)?;
        Ok::<_, std::io::Error>(piece.map(|piece| (piece, export)))
    });
    (headers, Body::from_stream(pieces)).into_response()
}
