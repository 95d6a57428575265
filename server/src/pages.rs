//! Drawing a page, whole: it reads the same before and without scripts.

use crate::{
    guest::{Guest, refuse},
    router::State,
    security,
};
use app::shell;
use axum::{
    Extension,
    body::Body,
    extract::{Request, State as Shared},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use chat::{Actor, Chat};
use domain::{ids::RoomId, messages::Seq, problem::Problem, rooms::Look};
use leptos::{
    config::{Env, LeptosOptions},
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{ResponseOptions, render_app_async_with_context};
use std::time::Duration;
use tokio::time::timeout;

/// Far longer than any page takes.
const DRAWN_WITHIN: Duration = Duration::from_secs(3);
/// How often it is tried before the reader is told that it did not work.
const DRAWN_MOST: usize = 3;

pub async fn show(
    Shared(state): Shared<State>,
    Extension(guest): Extension<Guest>,
    request: Request,
) -> Response {
    draw(state.options, guest, StatusCode::OK, request).await
}

/// Whatever no route has: the page that says so.
pub async fn not_found(
    Shared(state): Shared<State>,
    Extension(guest): Extension<Guest>,
    request: Request,
) -> Response {
    draw(state.options, guest, StatusCode::NOT_FOUND, request).await
}

/// What a room's page shows: the newest lines, or those before a place.
async fn look(
    chat: &Chat,
    actor: &Actor,
    room: &str,
    query: Option<&str>,
) -> Result<Look, Problem> {
    let room = RoomId::parse(room.trim_end_matches('/')).map_err(|_| Problem::NotFound)?;
    let query = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let before = query.into_iter().find(|(name, _)| name == "before");
    let before = before.and_then(|(_, seq)| seq.parse().ok()).map(Seq);
    chat.look(actor, room, before).await
}

/// Draws the page of the request's address for this guest.
///
/// Leptos 0.8.23 now and then loses the wake-up of a Suspense (about one page in a thousand, measured;
/// its issues 4673 and 4851 are of this kind), and such a page would hang for ever. So what a page
/// shows is read before it is drawn; and should one hang all the same, it is drawn again, which
/// changes nothing.
pub async fn draw(
    options: LeptosOptions,
    mut guest: Guest,
    status: StatusCode,
    request: Request,
) -> Response {
    if let Some(actor) = &guest.request.actor {
        match guest.request.chat.rooms(actor).await {
            Ok(rooms) => guest.visit.rooms = rooms,
            Err(problem) => return refuse(&problem, guest.visit.language),
        }
        if let Some(room) = request.uri().path().strip_prefix("/room/") {
            let look = look(&guest.request.chat, actor, room, request.uri().query()).await;
            guest.visit.look = Some(look);
        }
    }
    let (parts, _) = request.into_parts();
    for _ in 0..DRAWN_MOST {
        let request = Request::from_parts(parts.clone(), Body::empty());
        let drawing = draw_once(options.clone(), guest.clone(), status, request);
        if let Ok(response) = timeout(DRAWN_WITHIN, drawing).await {
            return response;
        }
        tracing::warn!(path = parts.uri.path(), "a page hung while it was drawn");
    }
    refuse(&Problem::Busy, guest.visit.language)
}

async fn draw_once(
    options: LeptosOptions,
    guest: Guest,
    status: StatusCode,
    request: Request,
) -> Response {
    let is_dev = options.env == Env::DEV;
    let context = move || {
        provide_context(guest.visit.clone());
        provide_context(guest.request.clone());
        // Leptos has minted the nonce by now, and nothing has been written yet.
        if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) {
            if status != StatusCode::OK {
                response.set_status(status);
            }
            if let Ok(policy) = HeaderValue::from_str(&security::content_policy(&nonce, is_dev)) {
                response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
    };
    let mut response: Response<Body> =
        render_app_async_with_context(context, move || shell(options.clone()))(request).await;
    let private = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, private);
    response
}
