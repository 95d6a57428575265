//! Two-factor authentication: after the right password a code, which is good once. Between the two the browser holds a
//! pending-login token, valid only for submitting the code.

mod totp;

use crate::{
    Actor, Chat, ClientInfo, MapStoreError, Token,
    limits::{LimitedAction, Subject},
    sessions::{LoginResult, sha256},
};
use domain::{
    clock::Millis,
    error::{AppError, Field, What},
    ids::UserId,
    two_factor::{
        PENDING_LOGIN_TTL_MILLIS, RECOVERY_CODES, RECOVERY_LENGTH, RECOVERY_LETTERS,
        TotpEnrollment, TwoFactor, TwoFactorCode, grouped,
    },
    users::Email,
};
use rand::RngCore;
use sha2::{Digest, Sha256};
use store::{AdmissionOutcome, CodeOutcome, Committed, GivenCode, PendingLogin, TotpState};

/// As long as a SHA-1 hash, as RFC 4226 wants it.
const SECRET_BYTES: usize = 20;
/// As many as the letters of a recovery code hold, at five bits each.
const RECOVERY_BYTES: usize = RECOVERY_LENGTH * 5 / 8;

impl Chat {
    /// How it stands with the second step of the actor's account.
    pub async fn two_factor(&self, actor: &Actor) -> Result<TwoFactor, AppError> {
        let email = self.own_account(actor).await?.email;
        Ok(match self.store.two_factor(actor.user()).await.map_store_error()? {
            Some(TotpState::On { codes_left, .. }) => TwoFactor::On { codes_left },
            Some(TotpState::Pending { secret, fresh_codes, session })
                if session == actor.session() =>
            {
                TwoFactor::Pending(setup(&secret, &fresh_codes, &email))
            }
            None | Some(TotpState::Pending { .. }) => TwoFactor::Off,
        })
    }

    /// Makes a secret and recovery codes, which are shown until a code confirms that an app has the secret.
    /// Asks for the password: with an open session alone, anyone at the device could lock its user out. For the
    /// same reason only the session that began sees them.
    pub async fn begin_two_factor(
        &self,
        actor: &Actor,
        password: &str,
        client_info: &ClientInfo,
    ) -> Result<(), AppError> {
        self.limits.profile(actor.user())?;
        self.verify_own_password(actor, password, client_info).await?;
        let secret = random::<SECRET_BYTES>();
        let code = || totp::in_letters(&random::<RECOVERY_BYTES>(), RECOVERY_LETTERS);
        let codes: Vec<_> = std::iter::repeat_with(code).take(RECOVERY_CODES).collect();
        let (user, session) = (actor.user(), actor.session());
        self.run_to_completion(move |chat| async move {
            chat.store.begin_two_factor(user, session, &secret, &codes).await.map_store_error()
        })
        .await
    }

    /// From now on a sign-in asks for a code.
    pub async fn confirm_two_factor(&self, actor: &Actor, code: &str) -> Result<(), AppError> {
        let proof = parse(code)?;
        let counted = self
            .limits
            .reserve(vec![(LimitedAction::FailedCode, Subject::Session(actor.session()))])?;
        let known = self.store.two_factor(actor.user()).await.map_store_error()?;
        let Some(TotpState::Pending { secret, fresh_codes, session }) = known else {
            return Err(AppError::NotFound(What::TwoFactorSetup));
        };
        if session != actor.session() {
            return Err(AppError::NotFound(What::TwoFactorSetup));
        }
        let TwoFactorCode::Code(code) = proof else {
            return Err(AppError::WrongCode);
        };
        let now = self.now();
        let window = totp::window_of(&secret, code, now).ok_or(AppError::WrongCode)?;
        counted.give_back();
        let user = actor.user();
        let hashes = fresh_codes.iter().map(|code| hash(user, code)).collect();
        self.run_to_completion(move |chat| async move {
            let confirmed = chat.store.confirm_two_factor(user, &secret, window, hashes, now).await;
            if !confirmed.map_store_error()? {
                return Err(AppError::NotFound(What::TwoFactorSetup));
            }
            tracing::info!(target: "security", event = "second_step_on", user = %user);
            Ok(())
        })
        .await
    }

    /// From now on the password is enough. It is asked for, unless nothing but a set-up is given up.
    pub async fn end_two_factor(
        &self,
        actor: &Actor,
        password: &str,
        client_info: &ClientInfo,
    ) -> Result<(), AppError> {
        let known = self.store.two_factor(actor.user()).await.map_store_error()?;
        let checked = match known {
            Some(TotpState::On { .. }) => {
                Some(self.verify_own_password(actor, password, client_info).await?)
            }
            _ => None,
        };
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            let ended =
                chat.store.end_two_factor(user, checked.as_deref()).await.map_store_error()?;
            if !ended {
                return Err(AppError::WrongPassword);
            }
            tracing::info!(target: "security", event = "second_step_off", user = %user);
            Ok(())
        })
        .await
    }

    /// The password was right: the person is in, unless their account asks for more.
    pub(crate) async fn begin_session_or_ask_code(
        &self,
        user: UserId,
        checked_hash: String,
        client_info: &ClientInfo,
    ) -> Result<LoginResult, AppError> {
        let token = Token::generate();
        let new = self.new_session(user, &token, client_info);
        let address = client_info.address;
        self.run_to_completion(move |chat| async move {
            let (admission, committed) =
                chat.store.admit(new, &checked_hash).await.map_store_error()?;
            chat.publish(committed).await;
            tracing::info!(
                target: "security", event = "password_accepted", user = %user, ?admission, %address,
            );
            match admission {
                AdmissionOutcome::Session(_) => Ok(LoginResult::Session(token)),
                AdmissionOutcome::NeedsCode => Ok(LoginResult::NeedsCode(token)),
                AdmissionOutcome::Suspended => Err(AppError::Suspended),
                AdmissionOutcome::PasswordChanged => Err(AppError::WrongCredentials),
            }
        })
        .await
    }

    /// Checks the code that a pending login waits for. [`AppError::PendingLoginExpired`] after five wrong codes, or
    /// five minutes.
    pub async fn complete_two_factor(
        &self,
        pending: Option<&str>,
        code: &str,
        client_info: &ClientInfo,
    ) -> Result<Token, AppError> {
        let proof = parse(code)?;
        let token = sha256(pending.ok_or(AppError::PendingLoginExpired)?);
        let client_info = client_info.clone();
        self.run_to_completion(move |chat| async move {
            chat.give_code(token, proof, &client_info).await
        })
        .await
    }

    /// Limits are asked before anything is written. The code is used in the transaction that opens the session.
    async fn give_code(
        &self,
        pending_login_token: [u8; 32],
        proof: TwoFactorCode,
        client_info: &ClientInfo,
    ) -> Result<Token, AppError> {
        let Some(pending) =
            self.store.pending_login(pending_login_token).await.map_store_error()?
        else {
            self.limits.failed_from(client_info.address)?;
            return Err(AppError::PendingLoginExpired);
        };
        let PendingLogin { user, began_at } = pending;
        if self.now().0.saturating_sub(began_at.0) >= PENDING_LOGIN_TTL_MILLIS {
            return Err(AppError::PendingLoginExpired);
        }
        let counted = self.count_code(user, client_info).await?;
        if !self.store.try_pending_login(pending_login_token).await.map_store_error()? {
            return Err(AppError::PendingLoginExpired);
        }
        let session = Token::generate();
        let (answer, committed) = match self.given_code(user, proof).await? {
            Some(code) => {
                let new = self.new_session(user, &session, client_info);
                self.store
                    .finish_pending_login(pending_login_token, code, new)
                    .await
                    .map_store_error()?
            }
            None => (CodeOutcome::Wrong, Committed::default()),
        };
        self.publish(committed).await;
        let address = client_info.address;
        let id = match answer {
            CodeOutcome::Session(id) => id,
            CodeOutcome::Over => return Err(AppError::PendingLoginExpired),
            CodeOutcome::Wrong => {
                tracing::info!(target: "security", event = "code_refused", user = %user, %address);
                return Err(AppError::WrongCode);
            }
        };
        counted.give_back();
        tracing::info!(
            target: "security", event = "code_accepted", user = %user, session = %id, %address,
        );
        Ok(session)
    }

    /// What the store is to use up. None when no step of the user's secret has this code.
    async fn given_code(
        &self,
        user: UserId,
        proof: TwoFactorCode,
    ) -> Result<Option<GivenCode>, AppError> {
        let code = match proof {
            TwoFactorCode::Recovery(code) => {
                return Ok(Some(GivenCode::Recovery(hash(user, &code))));
            }
            TwoFactorCode::Code(code) => code,
        };
        let known = self.store.two_factor(user).await.map_store_error()?;
        let Some(TotpState::On { secret, .. }) = known else { return Ok(None) };
        Ok(totp::window_of(&secret, code, self.now()).map(GivenCode::Window))
    }

    pub(crate) async fn sweep_pending_logins(&self) -> store::Result<u64> {
        let oldest = Millis(self.now().0.saturating_sub(PENDING_LOGIN_TTL_MILLIS));
        self.store.sweep_pending_logins(oldest).await
    }
}

fn parse(code: &str) -> Result<TwoFactorCode, AppError> {
    TwoFactorCode::parse(code).map_err(|error| AppError::invalid(Field::Code, error))
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// With 120 random bits in it a code needs no slower hash; with the person's id two people's never meet.
fn hash(user: UserId, recovery_code: &str) -> [u8; 32] {
    let hasher = Sha256::new().chain_update(user.uuid().as_bytes());
    hasher.chain_update(recovery_code).finalize().into()
}

/// How apps read it: <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.
fn setup(secret: &[u8], fresh_codes: &[String], email: &Email) -> TotpEnrollment {
    let secret = totp::base32(secret);
    let email = encoded(email.as_str());
    let link = format!("otpauth://totp/Sarangbang:{email}?secret={secret}&issuer=Sarangbang");
    let recovery_codes = fresh_codes.iter().map(|code| grouped(code, "-")).collect();
    TotpEnrollment { secret: grouped(&secret, " "), link, recovery_codes }
}

/// Percent-encodes all but what RFC 3986 leaves alone everywhere.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
