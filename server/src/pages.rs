//! Drawing a page, whole: it reads the same before and without scripts.

use crate::{
    forms, functions,
    guest::{self, Guest, refuse},
    plain,
    router::State,
    security,
};
use app::{Document, Gate, Joining, NotRead, Plain, paths, shell};
use axum::{
    Extension,
    body::Body,
    extract::{Request, State as Shared},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use chat::{Actor, Chat, Opened};
use domain::{house::SignUpMode, ids::RoomId, messages::Seq, problem::Problem, rooms::Look};
use leptos::{
    config::{Env, LeptosOptions},
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{ResponseOptions, render_app_async_with_context};

pub async fn show(
    Shared(state): Shared<State>,
    Extension(guest): Extension<Guest>,
    request: Request,
) -> Response {
    draw(state.options, guest, StatusCode::OK, request).await
}

/// Whatever no route has: the page that says so. Its own forms work there as anywhere.
pub async fn not_found(
    Shared(state): Shared<State>,
    Extension(guest): Extension<Guest>,
    request: Request,
) -> Response {
    if request.method() == Method::POST && forms::named(request.uri()).is_some() {
        return Box::pin(forms::submit(Shared(state), Extension(guest), request)).await;
    }
    draw_document(state.options, guest, StatusCode::NOT_FOUND, Document::Nowhere, request).await
}

/// The page that says why a request was not read to its end.
pub async fn not_read(
    options: LeptosOptions,
    guest: Guest,
    why: NotRead,
    request: Request,
) -> Response {
    let status = StatusCode::from_u16(why.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let document = Document::NotRead(why, request.uri().path().to_owned());
    render(options, guest, status, document, request).await
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
pub async fn draw(
    options: LeptosOptions,
    guest: Guest,
    status: StatusCode,
    request: Request,
) -> Response {
    let uri = request.uri();
    if let Some(gate) = Gate::at(uri.path()) {
        let document = match at_gate(&guest, gate, guest::next(uri)).await {
            Ok(document) => document,
            Err(problem) => return refuse(&problem, guest.visit.language),
        };
        return render(options, guest, status, document, request).await;
    }
    if let Some(token) = guest::setup(uri.path()) {
        let (status, token) = match guest.request.chat.open_setup_link(token).await {
            Ok(token) => (status, Some(token)),
            Err(Problem::Gone) => (StatusCode::GONE, None),
            Err(problem) => return refuse(&problem, guest.visit.language),
        };
        return render(options, guest, status, Document::Setup(token), request).await;
    }
    if let Some(token) = guest::reset(uri.path()) {
        let (status, token) = match guest.request.chat.open_reset(token).await {
            Ok(token) => (status, Some(token)),
            Err(Problem::Gone) => (StatusCode::GONE, None),
            Err(problem) => return refuse(&problem, guest.visit.language),
        };
        return render(options, guest, status, Document::Reset(token), request).await;
    }
    if let Some(token) = guest::invitation(uri.path()) {
        let token = token.to_owned();
        return draw_invitation(options, guest, status, &token, request).await;
    }
    let Some(actor) = &guest.request.actor else {
        return draw_document(options, guest, status, Document::House, request).await;
    };
    match plain::read(&guest.request.chat, actor, uri, guest.visit.language).await {
        None => draw_document(options, guest, status, Document::House, request).await,
        Some(Ok(page)) => render(options, guest, status, Document::Plain(page), request).await,
        Some(Err(Problem::NotFound)) => {
            let status = StatusCode::NOT_FOUND;
            draw_document(options, guest, status, Document::Nowhere, request).await
        }
        Some(Err(problem)) => refuse(&problem, guest.visit.language),
    }
}

/// What stands at a gate. Until there is an account nobody signs in, and only callers at the machine itself sign up
/// without a link, whatever was chosen in an earlier life.
async fn at_gate(guest: &Guest, gate: Gate, going_to: Option<String>) -> Result<Document, Problem> {
    let chat = &guest.request.chat;
    if chat.is_set_up().await? {
        return Ok(Document::Gate(gate, going_to, chat.sign_up_mode().await?));
    }
    if guest.request.at_the_machine {
        return Ok(Document::Gate(gate, going_to, SignUpMode::Open));
    }
    Ok(Document::NotSetUp)
}

/// What an invitation link shows. To whoever is in already it is the way there.
async fn draw_invitation(
    options: LeptosOptions,
    guest: Guest,
    status: StatusCode,
    token: &str,
    request: Request,
) -> Response {
    let actor = guest.request.actor.as_ref();
    let (status, joining) = match guest.request.chat.open_link(actor, token).await {
        Ok(Opened::Inside(room)) => return Redirect::to(&paths::room(room)).into_response(),
        Ok(Opened::Invited(invitation)) => (status, Joining::Invited(invitation)),
        Ok(Opened::Refused) => (StatusCode::GONE, Joining::Refused),
        Err(Problem::Gone) => (StatusCode::GONE, Joining::Gone),
        Err(problem) => return refuse(&problem, guest.visit.language),
    };
    let document = match (actor, guest.request.chat.sign_up_mode().await) {
        (Some(_), _) => Document::Plain(Plain::Join(joining)),
        (None, Ok(mode)) => Document::Threshold(joining.invitation().cloned(), mode),
        (None, Err(problem)) => return refuse(&problem, guest.visit.language),
    };
    render(options, guest, status, document, request).await
}

/// What a page shows is read before it is drawn: nothing in it waits.
async fn draw_document(
    options: LeptosOptions,
    mut guest: Guest,
    mut status: StatusCode,
    document: Document,
    request: Request,
) -> Response {
    if let Some(actor) = &guest.request.actor {
        match guest.request.chat.rooms(actor).await {
            Ok(rooms) => guest.visit.rooms = rooms,
            Err(problem) => return refuse(&problem, guest.visit.language),
        }
        if let Some(room) = request.uri().path().strip_prefix("/room/") {
            let look = match look(&guest.request.chat, actor, room, request.uri().query()).await {
                Ok(Look::Inside(page)) => Ok(page),
                Ok(Look::Door(door)) => {
                    let document = Document::Plain(Plain::Door(door));
                    return render(options, guest, status, document, request).await;
                }
                Err(problem) => Err(problem),
            };
            if let (Err(problem), StatusCode::OK) = (&look, status) {
                status = functions::status(problem);
            }
            guest.visit.look = Some(look);
        }
    }
    render(options, guest, status, document, request).await
}

/// Draws this document, whatever its address.
pub async fn render(
    options: LeptosOptions,
    guest: Guest,
    status: StatusCode,
    document: Document,
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
        render_app_async_with_context(context, move || shell(options.clone(), document.clone()))(
            request,
        )
        .await;
    let private = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, private);
    response
}
