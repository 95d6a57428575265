//! Administration by the operator, on the machine itself.

use super::{changed, insert_audit_entry};
use crate::{Chat, MapStoreError};
use domain::{
    admin::{AdminAction, AdminUserSummary},
    error::{AppError, What},
    ids::UserId,
    invitation_links::SecretToken,
    users::TypedEmail,
};
use store::AdminCommand;

impl Chat {
    /// Makes a user an administrator, for the operator on the machine itself. False when they are one already;
    /// [`AppError::Suspended`] when they could not sign in as one.
    pub async fn promote_from_cli(&self, email: &str) -> Result<bool, AppError> {
        let admin_user = self.find_by_email(email).await?;
        if admin_user.suspended {
            return Err(AppError::Suspended);
        }
        self.act_from_cli(admin_user.summary.user, AdminAction::Promote).await
    }

    /// Takes off the second step of a user who has lost it, for the operator on the machine itself. False when
    /// they have none.
    pub async fn end_two_factor_from_cli(&self, email: &str) -> Result<bool, AppError> {
        let admin_user = self.find_by_email(email).await?;
        self.act_from_cli(admin_user.summary.user, AdminAction::RemoveTwoFactor).await
    }

    async fn act_from_cli(&self, user: UserId, action: AdminAction) -> Result<bool, AppError> {
        self.run_to_completion(move |chat| async move {
            let doing = AdminCommand { action, by: None, at: chat.now() };
            let (done, committed) =
                chat.store.run_admin_action(user, doing).await.map_store_error()?;
            insert_audit_entry(done, action, None, Some(user));
            chat.publish(committed).await;
            changed(done)
        })
        .await
    }

    /// Makes a password reset link, for the operator on the machine itself.
    pub async fn reset_password_from_cli(&self, email: &str) -> Result<SecretToken, AppError> {
        let admin_user = self.find_by_email(email).await?;
        self.issue_password_reset_link(admin_user.summary.user, None).await
    }

    /// Whose address this is.
    async fn find_by_email(&self, email: &str) -> Result<AdminUserSummary, AppError> {
        let address = TypedEmail::parse(email).map_err(|_| AppError::NotFound(What::User))?;
        let user = self.store.find_by_email(&address).await.map_store_error()?;
        self.admin_user(user.ok_or(AppError::NotFound(What::User))?).await
    }
}
