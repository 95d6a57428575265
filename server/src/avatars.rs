//! Avatars of users and rooms: taking them in, and handing them out.

use crate::{
    auth::{self, RequestContext, to_sign_in},
    cookies::Cookies,
    forms::Submission,
    multipart::Multipart,
    other_user,
    posted::{Posted, Unread},
    router::{State, answered},
};
use app::{
    forms::{DRAWN_FOR, FormError, UPLOAD_AVATAR},
    pages::{Misdirected, NotRead},
    paths,
};
use axum::{
    Extension,
    body::Body,
    extract::{Path, Request, State as Shared, rejection::PathRejection},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use chat::{Actor, Upload};
use domain::{
    avatars::{Crop, MAX_UPLOAD_BYTES, Size},
    error::AppError,
    ids::{AvatarId, ProfileId, RoomId},
};

/// The most bytes in a posted picture: one that is somewhat too large still reaches the rule that says so.
const MAX_BODY_BYTES: usize = 2 * MAX_UPLOAD_BYTES;
/// Bytes of the square that was chosen: three numbers.
const CROP_MAX: usize = 64;
/// Bytes of a user's id, and some more.
const USER_MAX: usize = 64;
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
        Err(AppError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn find(state: &State, cookies: &Cookies, id: &str, size: &str) -> Result<Bytes, AppError> {
    let actor = auth::actor(state, cookies).await?.ok_or(AppError::NotFound)?;
    let id = AvatarId::parse(id).map_err(|_| AppError::NotFound)?;
    let size = Size::parse(size).ok_or(AppError::NotFound)?;
    state.chat.avatar(&actor, id, size).await
}

/// Whose avatar is set.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Profile(ProfileId),
    Room(RoomId),
}

/// Around the page of a profile's avatar: takes the one that is uploaded.
pub async fn set_of_profile(
    state: Shared<State>,
    context: Extension<RequestContext>,
    profile: Result<Path<ProfileId>, PathRejection>,
    request: Request,
    next: Next,
) -> Response {
    match profile {
        Ok(Path(profile)) if is_upload(&request) => {
            submit(state, context, Owner::Profile(profile), request, next).await
        }
        _ => next.run(request).await,
    }
}

/// The same of a room's.
pub async fn set_of_room(
    state: Shared<State>,
    context: Extension<RequestContext>,
    room: Result<Path<RoomId>, PathRejection>,
    request: Request,
    next: Next,
) -> Response {
    match room {
        Ok(Path(room)) if is_upload(&request) => {
            submit(state, context, Owner::Room(room), request, next).await
        }
        _ => next.run(request).await,
    }
}

/// Other forms on the same page are like those of any page.
fn is_upload(request: &Request) -> bool {
    let form = request.uri().query().and_then(|query| query.strip_prefix('/'));
    request.method() == Method::POST && form == Some(UPLOAD_AVATAR)
}

/// Takes an avatar, sent as a form with a file in it.
async fn submit(
    Shared(state): Shared<State>,
    Extension(context): Extension<RequestContext>,
    owner: Owner,
    request: Request,
    next: Next,
) -> Response {
    let (page, body) = request.into_parts();
    let Some(actor) = context.request.actor.clone() else { return to_sign_in(&page.uri) };
    let submission = Submission { state: state.clone(), context, page, next };
    // Before the first byte is read, and until the avatar is made.
    let address = submission.context.request.client_info.address;
    let Some(_permit) = state.uploads.take(actor.user(), address) else {
        return submission.not_taken(NotRead::TooManyUploads).await;
    };
    let sent = match read(&state, &submission.page, body).await {
        Ok(sent) => sent,
        Err(Refused::Unread(unread)) => return submission.not_read(unread).await,
        Err(Refused::Kept(error)) => return refuse(submission, &error).await,
    };
    if other_user::is_another(&submission.context, &String::from_utf8_lossy(&sent.drawn_for)) {
        let page = submission.page.uri.path().to_owned();
        let form = UPLOAD_AVATAR.to_owned();
        return submission.misdirected(Misdirected { page, form, fields: Vec::new() }).await;
    }
    let language = submission.language();
    let answer = Box::pin(async move {
        match owner.set(&state, &actor, sent).await {
            Ok(path) => Redirect::to(&path).into_response(),
            Err(AppError::SignedOut) => to_sign_in(&submission.page.uri),
            Err(error) => refuse(submission, &error).await,
        }
    });
    answered(language, answer).await
}

async fn refuse(submission: Submission, error: &AppError) -> Response {
    let refusal = FormError::new(submission.language(), UPLOAD_AVATAR, error, Vec::new());
    submission.refuse(refusal).await
}

impl Owner {
    /// Sets what was sent. Answers where the user goes on.
    async fn set(self, state: &State, actor: &Actor, sent: Sent) -> Result<String, AppError> {
        let Sent { file, crop, .. } = sent;
        let crop = Crop::parse(&String::from_utf8_lossy(&crop)).map_err(|_| AppError::Malformed)?;
        match self {
            Self::Profile(profile) => {
                state.chat.set_avatar(actor, profile, file, crop).await?;
                Ok(paths::profile(profile))
            }
            Self::Room(room) => {
                state.chat.set_room_avatar(actor, room, file, crop).await?;
                Ok(paths::room_settings(room))
            }
        }
    }
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
    Kept(AppError),
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread)
    }
}

async fn read(state: &State, page: &Parts, body: Body) -> Result<Sent, Refused> {
    let within = state.config.timeouts.posted_within;
    let posted = Posted::new(&page.headers, body, MAX_BODY_BYTES, within)?;
    let mut form = Multipart::new(&page.headers, posted)?;
    let mut sent = Sent { file: state.chat.upload(), crop: Vec::new(), drawn_for: Vec::new() };
    while let Some(name) = form.part().await? {
        while let Some(piece) = form.piece().await? {
            match name.as_str() {
                // The rest is read, and forgotten: who sends sees the answer only when all is sent.
                "picture" if sent.file.len() <= MAX_UPLOAD_BYTES => {
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
