//! What the server knows of the request that a page or a server function answers: the instance, the caller, their cookies.

use crate::{
    forms::ServerError,
    i18n::Language,
    page_context::{PageContext, Theme},
};
use axum::http::{HeaderName, HeaderValue, header::SET_COOKIE};
use chat::{Actor, Chat, ClientInfo, Token};
use cookie::{Cookie, SameSite, time::Duration};
use domain::{
    account::Preferences,
    error::{AppError, What},
    ids::{ClientId, Epoch, RoomId, UserId},
    sessions::{KNOWN_DEVICE_TTL_MILLIS, SESSION_TTL_MILLIS},
    two_factor::PENDING_LOGIN_TTL_MILLIS,
};
use leptos::prelude::{StoredValue, use_context};
use leptos_axum::ResponseOptions;
use std::{borrow::Cow, sync::Arc};

/// What the browser is to forget of this origin.
pub const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The longest that browsers keep a cookie.
const COOKIE_LIFE: Duration = Duration::days(400);

/// The context of the page that is rendered, until the page takes it.
#[derive(Debug, Clone, Copy)]
pub struct ServerPageContext(pub StoredValue<Option<PageContext>>);

/// A request as server functions see it. The server's middleware makes it, from the session and the
/// connection alone.
#[derive(Debug, Clone)]
pub struct Request {
    pub chat: Chat,
    pub actor: Option<Actor>,
    pub client_info: ClientInfo,
    /// Whether the caller is on the machine on which the instance runs.
    pub at_the_machine: bool,
    /// The token that a right password gave, while the second factor's code is awaited.
    pub pending_login: Option<String>,
    pub cookies: CookieNames,
    pub secure: bool,
}

/// The names of this instance's cookies: with the `__Host-` prefix behind HTTPS, and ending in the
/// beginning of the epoch. Cookies are shared between all ports of a host: two instances on one host would
/// overwrite each other's.
#[derive(Debug, Clone)]
pub struct CookieNames {
    pub session: Arc<str>,
    /// For [`Request::pending_login`].
    pub pending_login: Arc<str>,
    /// For the token of a known device.
    pub device: Arc<str>,
}

impl CookieNames {
    #[must_use]
    pub fn new(epoch: Epoch, secure: bool) -> Self {
        let prefix = if secure { "__Host-" } else { "" };
        let (epoch, ..) = epoch.uuid().as_fields();
        let name = |base: &str| format!("{prefix}{base}-{epoch:08x}").into();
        Self { session: name("session"), pending_login: name("half_way"), device: name("device") }
    }
}

/// The request that the running server function answers.
pub fn request() -> Result<Request, ServerError> {
    let missing =
        || ServerError(chat::internal_error(&"a server function ran without its request"));
    use_context::<Request>().ok_or_else(missing)
}

/// The client id of a form; none when it has none.
pub fn client_id(field: &str) -> Result<Option<ClientId>, AppError> {
    let id = (!field.is_empty()).then(|| ClientId::parse(field));
    id.transpose().map_err(|_| AppError::Malformed)
}

/// A room and a user, by the ids in a form. An invalid id is not found.
pub fn room_and_user(room: &str, user: &str) -> Result<(RoomId, UserId), AppError> {
    let room = RoomId::parse(room).map_err(|_| AppError::NotFound(What::Room))?;
    Ok((room, UserId::parse(user).map_err(|_| AppError::NotFound(What::User))?))
}

impl From<AppError> for ServerError {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl Request {
    /// The signed-in user.
    pub fn actor(&self) -> Result<&Actor, ServerError> {
        self.actor.as_ref().ok_or(ServerError(AppError::SignedOut))
    }

    /// Signs the caller in, with the language and theme that they have chosen for all devices. If those
    /// cannot be read, the device keeps its own, and the sign-in goes on. Returns the page that the user is
    /// to see first, if any.
    pub async fn enter(&self, token: &Token) -> Option<&'static str> {
        self.begin_session(token);
        let actor = self.chat.actor(token.as_str()).await.ok()??;
        self.remember_device(&actor).await;
        let Preferences { language, theme } = self.chat.preferences(&actor).await.ok()?;
        if let Some(language) = language.as_deref().and_then(Language::from_code) {
            self.remember("lang", language.code());
        }
        if let Some(theme) = theme {
            self.remember("theme", Theme::from_code(&theme).code());
        }
        let shares = self.chat.shares_address(&actor).await.ok()?;
        shares.then_some(crate::paths::ACCOUNT_EMAIL)
    }

    /// Sets the cookie of the pending login, for as long as the code can be given.
    pub fn begin_pending_login(&self, token: &Token) {
        let mut cookie =
            self.cookie(self.cookies.pending_login.to_string(), token.as_str().to_owned());
        cookie.set_http_only(true);
        cookie.set_max_age(Duration::milliseconds(PENDING_LOGIN_TTL_MILLIS));
        set_cookie(cookie);
    }

    pub fn end_pending_login(&self) {
        let mut cookie = self.cookie(self.cookies.pending_login.to_string(), String::new());
        cookie.set_http_only(true);
        cookie.make_removal();
        set_cookie(cookie);
    }

    /// Sets the session's cookie.
    fn begin_session(&self, token: &Token) {
        set_cookie(self.session_cookie(token.as_str()));
    }

    /// The session's cookie, for as long as a session can last: the server decides when it ends, and a
    /// socket could not renew a cookie.
    #[must_use]
    pub fn session_cookie(&self, token: &str) -> Cookie<'static> {
        let mut cookie = self.cookie(self.cookies.session.to_string(), token.to_owned());
        cookie.set_http_only(true);
        cookie.set_max_age(Duration::milliseconds(SESSION_TTL_MILLIS));
        cookie
    }

    /// Deletes the cookies of the session, and what scripts keep of the user on the device. The cookies of the device
    /// stay: language, theme, time zone.
    pub fn end_session(&self) {
        self.end_pending_login();
        if let Some(response) = use_context::<ResponseOptions>() {
            response.insert_header(CLEAR_SITE_DATA, HeaderValue::from_static("\"storage\""));
        }
        let mut cookie = self.session_cookie("");
        cookie.make_removal();
        set_cookie(cookie);
    }

    /// Makes this a known device of the caller, who has just given the password. If that fails they are
    /// signed in all the same.
    pub async fn remember_device(&self, actor: &Actor) {
        if let Ok(Some(token)) = self.chat.remember_device(actor, &self.client_info).await {
            self.begin_device(&token);
        }
    }

    /// Sets the cookie of a known device.
    pub fn begin_device(&self, token: &Token) {
        let mut cookie = self.cookie(self.cookies.device.to_string(), token.as_str().to_owned());
        cookie.set_http_only(true);
        cookie.set_max_age(Duration::milliseconds(KNOWN_DEVICE_TTL_MILLIS));
        set_cookie(cookie);
    }

    /// Stores a choice in a cookie that scripts may read too.
    pub fn remember(&self, name: &'static str, value: &'static str) {
        set_cookie(self.cookie(name, value.to_owned()));
    }

    fn cookie(&self, name: impl Into<Cow<'static, str>>, value: String) -> Cookie<'static> {
        let cookie = Cookie::build((name.into(), value)).path("/").same_site(SameSite::Lax);
        cookie.secure(self.secure).max_age(COOKIE_LIFE).build()
    }
}

fn set_cookie(cookie: Cookie<'static>) {
    let response = use_context::<ResponseOptions>();
    let value = HeaderValue::from_str(&cookie.to_string());
    if let (Some(response), Ok(value)) = (response, value) {
        response.append_header(SET_COOKIE, value);
    }
}
