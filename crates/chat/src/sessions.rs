//! Sessions: who is asking. The token is in a cookie, its hash in the database, and nothing else in a
//! request says who the user is.

use crate::{Chat, MapStoreError, caches::TokenHash, limits::LimitedAction, passwords::Caller};
use domain::{
    error::{AppError, Field, FieldErrors},
    ids::{SessionId, UserId},
    sessions::{SessionTimes, TOUCH_MILLIS},
    users::{CurrentUser, Password, TypedEmail},
};
use rand::RngCore;
use sha2::{Digest, Sha256};
use std::{fmt, net::IpAddr};
use store::{NewSession, Session};
use uuid::Uuid;

/// The user of a session. Made here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    viewer: CurrentUser,
    session: SessionId,
    has_unread_notices: bool,
}

impl Actor {
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.viewer.id
    }

    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// Whether their account has notices that they have not read.
    #[must_use]
    pub const fn has_unread_notices(&self) -> bool {
        self.has_unread_notices
    }

    /// The user as they saw themselves at the time of the request.
    #[must_use]
    pub const fn viewer(&self) -> &CurrentUser {
        &self.viewer
    }
}

/// What a request says of the client, before its session is known.
#[derive(Debug, Clone)]
pub struct ClientInfo {
    pub address: IpAddr,
    /// What the browser calls itself.
    pub device: String,
    /// The session that the request came with: another one takes its place.
    pub session: Option<SessionId>,
    /// The token of the known device, if its cookie has one.
    pub device_token: Option<String>,
}

/// The form, as typed.
#[derive(Debug, Clone)]
pub struct SignIn {
    pub email: String,
    pub password: String,
}

/// How far a right password has led.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginResult {
    /// The token of a session.
    Session(Token),
    /// The token with which the code of the second step is to be given.
    NeedsCode(Token),
}

/// The secret in the cookie: 32 random bytes in hexadecimal. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub(crate) fn generate() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        let digits = bytes.into_iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
        Self(digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect())
    }

    /// One that a request has presented.
    pub(crate) const fn presented(token: String) -> Self {
        Self(token)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Chat {
    /// Checks an address and a password. An unknown address and a wrong password are the same
    /// answer and take the same time.
    pub async fn sign_in(
        &self,
        form: SignIn,
        client_info: &ClientInfo,
    ) -> Result<LoginResult, AppError> {
        let mut errors = FieldErrors::default();
        let email = errors.check(Field::Email, TypedEmail::parse(&form.email));
        let password = errors.check(Field::Password, Password::for_login(&form.password));
        let (Some(email), Some(password)) = (email, password) else {
            return Err(errors.into());
        };
        let key = email.key().to_owned();
        let known = self.store.credentials(email).await.map_store_error()?;
        let user = known.as_ref().map_or(UserId::from_uuid(Uuid::nil()), |known| known.user);
        let device = self.known_device(user, client_info).await?;
        let counted = self.count_password(&key, device, client_info)?;
        let caller = device.map_or(Caller::Stranger(client_info.address), |_| Caller::Known(user));
        let hash = known.map(|known| known.password_hash);
        match self.passwords.verify(caller, password, hash.clone()).await {
            Ok(false) => {
                let user = hash.map_or_else(|| "unknown".to_owned(), |_| user.to_string());
                let address = client_info.address;
                tracing::info!(target: "security", event = "sign_in_failed", user, %address);
                return Err(AppError::WrongCredentials);
            }
            checked => {
                counted.give_back();
                checked?;
            }
        }
        self.limits.take(LimitedAction::SignIn, user)?;
        self.begin_session_or_ask_code(user, hash.unwrap_or_default(), client_info).await
    }

    /// Opens a session in the place of the one that the request came with. The caller has nothing left to do
    /// that could fail: a session whose token does not reach the browser would be there for no one.
    pub(crate) async fn open_session(
        &self,
        user: UserId,
        client_info: &ClientInfo,
    ) -> Result<Token, AppError> {
        let token = Token::generate();
        let new = self.new_session(user, &token, client_info);
        self.run_to_completion(move |chat| async move {
            let opened = chat.store.open_session(new).await.map_store_error()?;
            let (_, committed) = opened.ok_or(AppError::Suspended)?;
            chat.publish(committed).await;
            Ok(token)
        })
        .await
    }

    pub(crate) fn new_session(
        &self,
        user: UserId,
        token: &Token,
        client_info: &ClientInfo,
    ) -> NewSession {
        NewSession {
            user,
            token_hash: sha256(token.as_str()),
            device: client_info.device.chars().take(200).collect(),
            at: self.now(),
            replaces: client_info.session,
        }
    }

    /// Who the token in a cookie belongs to. Counts as a use of the session.
    pub async fn actor(&self, token: &str) -> Result<Option<Actor>, AppError> {
        let Some(session) = self.session(sha256(token)).await? else {
            return Ok(None);
        };
        if !self.used(session.id, session.times).await? {
            return Ok(None);
        }
        let Session { id, viewer, has_unread_notices, .. } = session;
        Ok(Some(Actor { viewer, session: id, has_unread_notices }))
    }

    async fn session(&self, token: TokenHash) -> Result<Option<Session>, AppError> {
        let asked = match self.caches.sessions.get(&token) {
            Ok(known) => return Ok(Some(known)),
            Err(asked) => asked,
        };
        let found = self.store.session(&token).await.map_store_error()?;
        if let Some(session) = &found {
            self.caches.sessions.insert(asked, token, session.clone());
        }
        Ok(found)
    }

    /// Whether the session still lives, as an open socket asks once a minute. Counts as a use.
    pub async fn still_signed_in(&self, actor: &Actor) -> Result<bool, AppError> {
        let times = match self.caches.sessions.get_by_id(actor.session) {
            Some(known) => Some(known.times),
            None => self.store.session_times(actor.session).await.map_store_error()?,
        };
        match times {
            Some(times) => self.used(actor.session, times).await,
            None => Ok(false),
        }
    }

    /// Ends the session and its sockets.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), AppError> {
        self.end_session(actor.session).await?;
        let (user, session) = (actor.user(), actor.session);
        tracing::info!(target: "security", event = "signed_out", %user, %session);
        Ok(())
    }

    pub(crate) async fn end_session(&self, session: SessionId) -> Result<(), AppError> {
        self.run_to_completion(move |chat| async move {
            let committed = chat.store.end_session(session).await.map_store_error()?;
            chat.publish(committed).await;
            Ok(())
        })
        .await
    }

    /// Writes the use down, at most once a minute. False when the session has run out.
    async fn used(&self, session: SessionId, times: SessionTimes) -> Result<bool, AppError> {
        let now = self.now();
        if times.has_ended(now) {
            self.end_session(session).await?;
            return Ok(false);
        }
        if now.0.saturating_sub(times.last_used_at.0) >= TOUCH_MILLIS {
            self.run_to_completion(move |chat| async move {
                // Read anew by the next request: a command of the operator may have left its user a notice.
                let committed = chat.store.touch_session(session, now).await.map_store_error()?;
                chat.publish(committed).await;
                Ok(())
            })
            .await?;
        }
        Ok(true)
    }

    pub(crate) async fn sweep_sessions(&self) -> store::Result<u64> {
        let swept = self.store.sweep_sessions(SessionTimes::bounds(self.now())).await?;
        self.store.sweep_setups().await?;
        Ok(swept)
    }
}

pub(crate) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
