//! Pictures of people and rooms: taking them in, and handing them out.

use crate::{
    cookies::Cookies,
    forms,
    guest::{self, Guest, to_sign_in},
    router::State,
};
use app::forms::Refusal;
use axum::{
    Extension,
    body::Body,
    extract::{FromRequest, Multipart, Path, Request, State as Shared},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use bytes::{Bytes, BytesMut};
use chat::Actor;
use domain::{
    ids::{PictureId, ProfileId, RoomId},
    pictures::{Crop, Size, UPLOAD_MOST},
    problem::Problem,
};

/// The most bytes in a posted picture: one that is somewhat too large still reaches the rule that says so.
pub const BODY_MOST: usize = 2 * UPLOAD_MOST;
/// The form that [`submit`] takes; others on the same page are like those of any page.
const FORM: &str = "set_picture";

/// A name that nobody guesses is not changed under it: so a browser may keep the picture for ever, but only
/// the browser. What lies between may hand it to whoever asks, and it is for people who are signed in.
const KEEP: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// The bytes of a picture. To strangers no picture is there.
pub async fn show(
    Shared(state): Shared<State>,
    cookies: Cookies,
    Path((id, size)): Path<(String, String)>,
) -> Response {
    match find(&state, &cookies, &id, &size).await {
        Ok(bytes) => {
            let kind = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::CACHE_CONTROL, KEEP),
            ];
            (headers, bytes).into_response()
        }
        Err(Problem::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn find(state: &State, cookies: &Cookies, id: &str, size: &str) -> Result<Bytes, Problem> {
    let actor = guest::actor(state, cookies).await?.ok_or(Problem::NotFound)?;
    let id = PictureId::parse(id).map_err(|_| Problem::NotFound)?;
    let size = Size::parse(size).ok_or(Problem::NotFound)?;
    state.chat.picture(&actor, id, size).await
}

/// Takes a picture, sent as a form with a file in it.
pub async fn submit(
    Shared(state): Shared<State>,
    Extension(guest): Extension<Guest>,
    request: Request,
) -> Response {
    if request.uri().query() != Some("/set_picture") {
        return Box::pin(forms::submit(Shared(state), Extension(guest), request)).await;
    }
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    match keep(&state, &guest, &parts, request).await {
        Ok(path) => Redirect::to(path).into_response(),
        Err(Problem::SignedOut) => to_sign_in(&parts.uri),
        Err(problem) => {
            let refusal = Refusal { form: FORM.to_owned(), problem, fields: Vec::new() };
            forms::draw_again(state, guest, parts, refusal).await
        }
    }
}

/// Gives the profile or the room of the page's address what was sent. Answers where it belongs.
async fn keep<'a>(
    state: &State,
    guest: &Guest,
    page: &'a Parts,
    request: Request<Body>,
) -> Result<&'a str, Problem> {
    let actor: &Actor = guest.request.actor.as_ref().ok_or(Problem::SignedOut)?;
    let path = page.uri.path().trim_end_matches("/picture");
    let steps: Vec<_> = path.split('/').skip(1).collect();
    let form = Multipart::from_request(request, state).await.map_err(|_| Problem::Malformed)?;
    let Sent { file, crop } = read(form).await?;
    let crop = Crop::parse(&crop).map_err(|_| Problem::Malformed)?;
    match steps.as_slice() {
        ["profiles", id] => {
            let profile = ProfileId::parse(id).map_err(|_| Problem::NotFound)?;
            state.chat.set_picture(actor, profile, file, crop).await?;
        }
        ["room", id, "settings"] => {
            let room = RoomId::parse(id).map_err(|_| Problem::NotFound)?;
            state.chat.set_room_picture(actor, room, file, crop).await?;
        }
        _ => return Err(Problem::NotFound),
    }
    Ok(path)
}

/// What was in the form. The names of files are not looked at.
#[derive(Default)]
struct Sent {
    file: Bytes,
    crop: String,
}

async fn read(mut form: Multipart) -> Result<Sent, Problem> {
    let refused = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        _ => Problem::Malformed,
    };
    let mut sent = Sent::default();
    while let Some(mut field) = form.next_field().await.map_err(refused)? {
        match field.name() {
            Some("picture") => {
                let mut file = BytesMut::new();
                while let Some(chunk) = field.chunk().await.map_err(refused)? {
                    // The rest is read, and forgotten: who sends sees the answer only when all is sent.
                    if file.len() <= UPLOAD_MOST {
                        file.extend_from_slice(&chunk);
                    }
                }
                sent.file = file.freeze();
            }
            Some("crop") => sent.crop = field.text().await.map_err(refused)?,
            _ => {}
        }
    }
    Ok(sent)
}
