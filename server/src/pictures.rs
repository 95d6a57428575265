//! Pictures of people and rooms: taking them in, and handing them out.

use crate::{
    cookies::Cookies,
    forms,
    guest::{self, Guest, to_sign_in},
    multipart::Multipart,
    other_user, pages,
    posted::{Posted, Unread},
    router::{State, answered},
};
use app::{
    Misdirected, NotRead,
    forms::{DRAWN_FOR, Refusal},
};
use axum::{
    Extension,
    body::Body,
    extract::{Path, Request, State as Shared},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use chat::{Actor, Upload};
use domain::{
    ids::{PictureId, ProfileId, RoomId},
    pictures::{Crop, Size, UPLOAD_MOST},
    problem::Problem,
};

/// The most bytes in a posted picture: one that is somewhat too large still reaches the rule that says so.
const BODY_MOST: usize = 2 * UPLOAD_MOST;
/// Bytes of the square that was chosen: three numbers.
const CROP_MAX: usize = 64;
/// Bytes of a user's id, and some more.
const USER_MAX: usize = 64;
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
    let (page, body) = request.into_parts();
    let Some(actor) = guest.request.actor.clone() else { return to_sign_in(&page.uri) };
    // Before the first byte is read, and until the picture is made.
    let Some(_permit) = state.uploads.take(actor.person(), guest.request.visitor.address) else {
        return pages::not_read(
            state.options,
            guest,
            NotRead::TooManyUploads,
            forms::as_read(page),
        )
        .await;
    };
    let sent = match read(&state, &page, body).await {
        Ok(sent) => sent,
        Err(Refused::Unread(unread)) => return forms::not_read(state, guest, page, unread).await,
        Err(Refused::Kept(problem)) => return refuse(state, guest, page, problem).await,
    };
    if other_user::is_another(&guest, &String::from_utf8_lossy(&sent.drawn_for)) {
        let (page_path, form) = (page.uri.path().to_owned(), FORM.to_owned());
        let misdirected = Misdirected { page: page_path, form, fields: Vec::new() };
        return Box::pin(other_user::draw(state, guest, page, misdirected)).await;
    }
    let language = guest.visit.language;
    let answer = Box::pin(async move {
        match keep(&state, &actor, page.uri.path(), sent).await {
            Ok(path) => Redirect::to(&path).into_response(),
            Err(Problem::SignedOut) => to_sign_in(&page.uri),
            Err(problem) => refuse(state, guest, page, problem).await,
        }
    });
    answered(language, answer).await
}

async fn refuse(state: State, guest: Guest, page: Parts, problem: Problem) -> Response {
    let refusal = Refusal { form: FORM.to_owned(), problem, fields: Vec::new() };
    forms::draw_again(state, guest, page, refusal).await
}

/// Gives the profile or the room of the page's address what was sent. Answers where it belongs.
async fn keep(state: &State, actor: &Actor, path: &str, sent: Sent) -> Result<String, Problem> {
    let path = path.trim_end_matches("/picture");
    let steps: Vec<_> = path.split('/').skip(1).collect();
    let Sent { file, crop, .. } = sent;
    let crop = Crop::parse(&String::from_utf8_lossy(&crop)).map_err(|_| Problem::Malformed)?;
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
    Ok(path.to_owned())
}

/// What was in the form. The names of files are not looked at.
struct Sent {
    file: Upload,
    crop: Vec<u8>,
    /// The user that the form was drawn for.
    drawn_for: Vec<u8>,
}

/// Why a form with a picture goes no further.
enum Refused {
    Unread(Unread),
    /// It could not be kept while it came.
    Kept(Problem),
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread)
    }
}

async fn read(state: &State, page: &Parts, body: Body) -> Result<Sent, Refused> {
    let within = state.config.patience.posted_within;
    let posted = Posted::new(&page.headers, body, BODY_MOST, within)?;
    let mut form = Multipart::new(&page.headers, posted)?;
    let mut sent = Sent { file: state.chat.upload(), crop: Vec::new(), drawn_for: Vec::new() };
    while let Some(name) = form.part().await? {
        while let Some(piece) = form.piece().await? {
            match name.as_str() {
                // The rest is read, and forgotten: who sends sees the answer only when all is sent.
                "picture" if sent.file.len() <= UPLOAD_MOST => {
                    sent.file = sent.file.and(piece).await.map_err(Refused::Kept)?;
                }
                "crop" if sent.crop.len() <= CROP_MAX => sent.crop.extend_from_slice(&piece),
                DRAWN_FOR if sent.drawn_for.len() <= USER_MAX => {
                    sent.drawn_for.extend_from_slice(&piece);
                }
                _ => {}
            }
        }
    }
    Ok(sent)
}
