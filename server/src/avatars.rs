//! Avatars of users and rooms: upload and download.

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
    error::{AppError, What},
    ids::{AvatarId, ProfileId, RoomId},
};

/// The most bytes in an upload's body. Twice the limit of a file, so that a file somewhat too large is refused
/// with the error that says so.
const MAX_BODY_BYTES: usize = 2 * MAX_UPLOAD_BYTES;
/// Bytes of the crop field: three numbers.
const CROP_MAX: usize = 64;
/// Bytes of the field with the user's id, with room to spare.
const USER_MAX: usize = 64;
/// An avatar's id is random, and its bytes never change, so a browser may cache it for ever. Shared caches may
/// not: only signed-in users may see avatars.
const KEEP: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// The bytes of an avatar. To signed-out callers every avatar is not found.
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
        Err(AppError::NotFound(_)) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn find(state: &State, cookies: &Cookies, id: &str, size: &str) -> Result<Bytes, AppError> {
    let actor = auth::actor(state, cookies).await?.ok_or(AppError::NotFound(What::Avatar))?;
    let id = AvatarId::parse(id).map_err(|_| AppError::NotFound(What::Avatar))?;
    let size = Size::parse(size).ok_or(AppError::NotFound(What::Avatar))?;
    state.chat.avatar(&actor, id, size).await
}

/// What the avatar belongs to.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Profile(ProfileId),
    Room(RoomId),
}

/// A layer around the page of a profile's avatar: takes the upload.
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

/// The same for a room's avatar.
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

/// Other forms on the same page are handled as on any page.
fn is_upload(request: &Request) -> bool {
    let form = request.uri().query().and_then(|query| query.strip_prefix('/'));
    request.method() == Method::POST && form == Some(UPLOAD_AVATAR)
}

/// Takes an avatar, sent as `multipart/form-data`.
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
    // Held from before the first byte is read until the avatar is stored.
    let address = submission.context.request.client_info.address;
    let Some(_permit) = state.uploads.take(actor.user(), address) else {
        return submission.not_taken(NotRead::TooManyUploads).await;
    };
    let sent = match read(&state, &submission.page, body).await {
        Ok(sent) => sent,
        Err(UploadError::Unread(unread)) => return submission.not_read(unread).await,
        Err(UploadError::Kept(error)) => return refuse(submission, &error).await,
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
    /// Stores the avatar. Returns the path to redirect to.
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

/// The fields of the form. File names are ignored.
struct Sent {
    file: Upload,
    crop: Vec<u8>,
    /// The id of the user for whom the form was rendered.
    drawn_for: Vec<u8>,
}

/// Why an upload is refused.
enum UploadError {
    Unread(Unread),
    /// The upload could not be written to a temporary file.
    Kept(AppError),
}

impl From<Unread> for UploadError {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread)
    }
}

async fn read(state: &State, page: &Parts, body: Body) -> Result<Sent, UploadError> {
    let within = state.config.timeouts.posted_within;
    let posted = Posted::new(&page.headers, body, MAX_BODY_BYTES, within)?;
    let mut form = Multipart::new(&page.headers, posted)?;
    let mut sent = Sent { file: state.chat.upload(), crop: Vec::new(), drawn_for: Vec::new() };
    while let Some(name) = form.part().await? {
        while let Some(piece) = form.piece().await? {
            match name.as_str() {
                // The rest is read and dropped: a client sees the response only after it has sent everything.
                "picture" if sent.file.len() <= MAX_UPLOAD_BYTES => {
                    sent.file = sent.file.and(piece).await.map_err(UploadError::Kept)?;
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
