//! Links by which a user chooses a new password. Only the hash of a link's secret is kept.

use crate::{
    AdminCommand, AdminOutcome, Committed, Result, Store,
    account::end_sessions,
    admin::{insert_audit, may_administer},
    known_devices::insert_known_device,
    notices::insert_notice,
    sql::{execute, query_value},
};
use domain::{admin::AdminAction, clock::Millis, ids::UserId, notices::NoticeKind};
use uuid::Uuid;

impl Store {
    /// Keeps the hash of a link by which the person chooses a new password; an earlier one is worth nothing
    /// from now on.
    pub async fn issue_password_reset(
        &self,
        user: UserId,
        token_hash: [u8; 32],
        expires_at: Millis,
        by: Option<UserId>,
        at: Millis,
    ) -> Result<(AdminOutcome, Committed)> {
        let refused = |done| Ok((done, Committed::default()));
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, by).await? {
            return refused(AdminOutcome::NotAdministrator);
        }
        let values = [user.uuid().into(), token_hash.to_vec().into(), expires_at.0.into()];
        if execute(&transaction, ISSUE_PASSWORD_RESET, values).await? == 0 {
            return refused(AdminOutcome::Unchanged);
        }
        insert_notice(&transaction, user, NoticeKind::ResetLinkMade, by, at).await?;
        let doing = AdminCommand { action: AdminAction::IssuePasswordReset, by, at };
        insert_audit(&transaction, doing, Some(user)).await?;
        transaction.commit().await?;
        Ok((AdminOutcome::Done, Committed::by_action(doing.action, user)))
    }

    /// Whose the link with this secret is, if it is still good.
    pub async fn reset_of(&self, token_hash: &[u8; 32], now: Millis) -> Result<Option<UserId>> {
        let values = [token_hash.to_vec().into(), now.0.into()];
        let user = query_value(&self.read, PASSWORD_RESET_OF, values).await?;
        Ok(user.map(UserId::from_uuid))
    }

    /// Changes the password by a link, which is used up, ends all sessions of its person, and knows the device that
    /// did it. None when the link
    /// is no longer good.
    pub async fn reset_password(
        &self,
        token_hash: &[u8; 32],
        password_hash: String,
        device_token_hash: [u8; 32],
        now: Millis,
    ) -> Result<Option<(UserId, Committed)>> {
        let transaction = self.begin_write().await?;
        let values = [token_hash.to_vec().into(), now.0.into()];
        let user: Option<Uuid> = query_value(&transaction, USE_PASSWORD_RESET, values).await?;
        let Some(user) = user else { return Ok(None) };
        let change = "UPDATE users SET password_hash = $2 WHERE id = $1";
        execute(&transaction, change, [user.into(), password_hash.into()]).await?;
        let user = UserId::from_uuid(user);
        let ended_sessions = end_sessions(&transaction, user, None).await?;
        insert_known_device(&transaction, user, device_token_hash, now).await?;
        transaction.commit().await?;
        let signed_out = vec![user];
        Ok(Some((user, Committed { ended_sessions, signed_out, ..Committed::default() })))
    }
}

const ISSUE_PASSWORD_RESET: &str = "
    INSERT INTO password_resets (user_id, token_hash, expires_at)
    SELECT p.id, $2, $3 FROM users p WHERE p.id = $1 AND p.deleted_at IS NULL
    ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, expires_at = $3";
const PASSWORD_RESET_OF: &str = "
    SELECT r.user_id FROM password_resets r JOIN users p ON p.id = r.user_id AND p.suspended_at IS NULL
    WHERE r.token_hash = $1 AND r.expires_at > $2";
const USE_PASSWORD_RESET: &str =
    "DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id";
