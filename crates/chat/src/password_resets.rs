//! Links by which a user chooses a new password, made by an administrator or the operator.

use crate::{
    Actor, Chat, ClientInfo, MapStoreError, Token,
    admin::{changed, insert_audit_entry, target},
    passwords::Caller,
    sessions::sha256,
};
use domain::{
    admin::{AdminAction, PASSWORD_RESET_TTL_MILLIS},
    clock::Millis,
    error::{AppError, Field, What},
    ids::UserId,
    invitation_links::{SecretToken, TOKEN_BYTES},
    policy::admin::AdminPermission,
    users::Password,
};
use rand::RngCore;

impl Chat {
    /// Makes a link by which the user chooses a new password, good for four hours and once.
    pub async fn issue_password_reset(
        &self,
        actor: &Actor,
        user: UserId,
    ) -> Result<SecretToken, AppError> {
        self.require_admin_permission(actor, AdminPermission::View).await?;
        let admin_user = self.admin_user(user).await?;
        self.require_admin_permission(
            actor,
            AdminPermission::IssuePasswordReset(target(actor, &admin_user)),
        )
        .await?;
        self.issue_password_reset_link(user, Some(actor.user())).await
    }

    pub(crate) async fn issue_password_reset_link(
        &self,
        user: UserId,
        by: Option<UserId>,
    ) -> Result<SecretToken, AppError> {
        let mut random = [0; TOKEN_BYTES];
        rand::rng().fill_bytes(&mut random);
        let (token, now) = (SecretToken::from_random(random), self.now());
        let until = Millis(now.0.saturating_add(PASSWORD_RESET_TTL_MILLIS));
        let hash = sha256(token.as_str());
        self.run_to_completion(move |chat| async move {
            let made = chat.store.issue_password_reset(user, hash, until, by, now).await;
            let (done, committed) = made.map_store_error()?;
            chat.publish(committed).await;
            insert_audit_entry(done, AdminAction::IssuePasswordReset, by, Some(user));
            if changed(done)? { Ok(token) } else { Err(AppError::NotFound(What::User)) }
        })
        .await
    }

    /// Whether a password reset link is still good.
    pub async fn open_reset(&self, token: &str) -> Result<SecretToken, AppError> {
        self.find_reset(token).await.map(|(token, _)| token)
    }

    async fn find_reset(&self, token: &str) -> Result<(SecretToken, UserId), AppError> {
        let token = SecretToken::parse(token).map_err(|_| AppError::Gone)?;
        let user =
            self.store.reset_of(&sha256(token.as_str()), self.now()).await.map_store_error()?;
        Ok((token, user.ok_or(AppError::Gone)?))
    }

    /// Changes a password by such a link, and signs its user out everywhere. Answers the token of a known device:
    /// failures elsewhere do not keep them from signing in now.
    pub async fn reset_password(
        &self,
        token: &str,
        password: &str,
        client_info: &ClientInfo,
    ) -> Result<Token, AppError> {
        let password =
            Password::parse(password).map_err(|error| AppError::invalid(Field::Password, error))?;
        let (token, user) = match self.find_reset(token).await {
            Ok(found) => found,
            Err(refused) => {
                let address = client_info.address;
                tracing::info!(target: "security", event = "reset_failed", %address);
                return Err(self.limits.failed_from(client_info.address).err().unwrap_or(refused));
            }
        };
        let password = self.unlike_their_own(password, user).await?;
        let hash = self.passwords.hash(Caller::Known(user), password).await?;
        let address = client_info.address;
        self.run_to_completion(move |chat| async move {
            let token_hash = sha256(token.as_str());
            let (device, now) = (Token::generate(), chat.now());
            let known = sha256(device.as_str());
            let reset = chat.store.reset_password(&token_hash, hash, known, now).await;
            let (user, committed) = reset.map_store_error()?.ok_or(AppError::Gone)?;
            chat.publish(committed).await;
            tracing::info!(target: "security", event = "password_reset", %user, %address);
            Ok(device)
        })
        .await
    }

    /// The password, if it is more than the name or the address of the user.
    async fn unlike_their_own(
        &self,
        password: Password,
        user: UserId,
    ) -> Result<Password, AppError> {
        let admin_user = self.admin_user(user).await?;
        let own = [admin_user.summary.name.as_str(), admin_user.email.as_str()];
        password.unlike(own).map_err(|error| AppError::invalid(Field::Password, error))
    }
}
