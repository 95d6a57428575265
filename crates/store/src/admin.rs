//! Administration of the instance. Each action is written to the audit log in the transaction that does it.

mod audit_log;
mod rooms;
mod users;

pub(crate) use audit_log::insert_audit;

use crate::{
    Committed, Error, Result, Store,
    account::end_sessions,
    notices::insert_notice,
    sql::{count, decode, execute, exists, query_value},
    two_factor::delete_two_factor,
};
use domain::{
    admin::{AdminAction, RegistrationMode},
    clock::Millis,
    ids::UserId,
    notices::NoticeKind,
};
use sea_orm::{DatabaseTransaction, Value};

/// What is done, by whom and when. Without a user it is the operator on the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminCommand {
    pub action: AdminAction,
    pub by: Option<UserId>,
    pub at: Millis,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminOutcome {
    Done,
    /// It was so already, or there is no such user.
    Unchanged,
    /// No administrator would be left.
    LastAdministrator,
    /// The user who does it is no administrator, or no longer: nothing has changed.
    NotAdministrator,
}

impl Store {
    /// Who may sign up.
    pub async fn registration_mode(&self) -> Result<RegistrationMode> {
        let code: Option<String> =
            query_value(&self.read, "SELECT registration FROM instance", []).await?;
        let code = code.ok_or(Error::Corrupt { what: "instance" })?;
        decode(RegistrationMode::from_code(&code), "registration mode")
    }

    /// Chooses who may sign up.
    pub async fn set_registration(
        &self,
        mode: RegistrationMode,
        by: UserId,
        at: Millis,
    ) -> Result<AdminOutcome> {
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, Some(by)).await? {
            return Ok(AdminOutcome::NotAdministrator);
        }
        let choose = "UPDATE instance SET registration = $1 WHERE registration <> $1";
        if execute(&transaction, choose, [mode.code().into()]).await? == 0 {
            return Ok(AdminOutcome::Unchanged);
        }
        let doing = AdminCommand { action: AdminAction::SetRegistration(mode), by: Some(by), at };
        insert_audit(&transaction, doing, None).await?;
        transaction.commit().await?;
        Ok(AdminOutcome::Done)
    }

    /// Does it to a user. What it leaves to publish is the same where it was so already.
    pub async fn run_admin_action(
        &self,
        user: UserId,
        doing: AdminCommand,
    ) -> Result<(AdminOutcome, Committed)> {
        let refused = |done| Ok((done, Committed::default()));
        let id: Value = user.uuid().into();
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, doing.by).await? {
            return refused(AdminOutcome::NotAdministrator);
        }
        let changed = match doing.action {
            AdminAction::Suspend => execute(&transaction, SUSPEND, [id, doing.at.0.into()]).await?,
            AdminAction::Unsuspend => execute(&transaction, UNSUSPEND, [id]).await?,
            AdminAction::Promote => execute(&transaction, PROMOTE, [id]).await?,
            AdminAction::Demote => execute(&transaction, DEMOTE, [id]).await?,
            AdminAction::SignOut => 1,
            AdminAction::RemoveTwoFactor => execute(&transaction, END_TWO_FACTOR, [id]).await?,
            AdminAction::IssuePasswordReset | AdminAction::SetRegistration(_) => 0,
        };
        if changed == 0 {
            return Ok((AdminOutcome::Unchanged, Committed::by_action(doing.action, user)));
        }
        if administrators(&transaction).await? == 0 {
            return refused(AdminOutcome::LastAdministrator);
        }
        if matches!(doing.action, AdminAction::Suspend | AdminAction::SignOut) {
            end_sessions(&transaction, user, None).await?;
        }
        if doing.action == AdminAction::RemoveTwoFactor {
            delete_two_factor(&transaction, user).await?;
            let kind = NoticeKind::TwoFactorRemoved;
            insert_notice(&transaction, user, kind, doing.by, doing.at).await?;
        }
        insert_audit(&transaction, doing, Some(user)).await?;
        transaction.commit().await?;
        Ok((AdminOutcome::Done, Committed::by_action(doing.action, user)))
    }
}

impl Committed {
    /// What an action leaves to publish: users without a session, or with other notices.
    pub fn by_action(action: AdminAction, user: UserId) -> Self {
        match action {
            AdminAction::Suspend | AdminAction::SignOut => {
                Self { signed_out: vec![user], ..Self::default() }
            }
            AdminAction::RemoveTwoFactor | AdminAction::IssuePasswordReset => {
                Self { changed_accounts: vec![user], ..Self::default() }
            }
            AdminAction::Promote
            | AdminAction::Demote
            | AdminAction::Unsuspend
            | AdminAction::SetRegistration(_) => Self::default(),
        }
    }
}

const SUSPEND: &str = "
    UPDATE users SET suspended_at = $2
    WHERE id = $1 AND suspended_at IS NULL AND deleted_at IS NULL";
const UNSUSPEND: &str = "
    UPDATE users SET suspended_at = NULL
    WHERE id = $1 AND suspended_at IS NOT NULL AND deleted_at IS NULL";
const PROMOTE: &str = "
    UPDATE users SET role = 'administrator'
    WHERE id = $1 AND role <> 'administrator' AND deleted_at IS NULL";
const DEMOTE: &str = "
    UPDATE users SET role = 'member'
    WHERE id = $1 AND role <> 'member' AND deleted_at IS NULL";

const ADMINISTRATOR: &str = "
    SELECT 1 FROM users
    WHERE id = $1 AND role = 'administrator' AND suspended_at IS NULL AND deleted_at IS NULL";

/// Not what is only being set up: nothing asks for it yet.
const END_TWO_FACTOR: &str =
    "DELETE FROM two_factor WHERE user_id = $1 AND confirmed_at IS NOT NULL";

/// Whether the user is an administrator who is still here and not suspended; the operator on the machine, who is
/// none of the users, always may.
pub(crate) async fn may_administer(
    transaction: &DatabaseTransaction,
    by: Option<UserId>,
) -> Result<bool> {
    let Some(by) = by else { return Ok(true) };
    exists(transaction, ADMINISTRATOR, [by.uuid().into()]).await
}

/// How many administrators are not suspended.
pub(crate) async fn administrators(transaction: &DatabaseTransaction) -> Result<i64> {
    let all = "SELECT COUNT(*) FROM users
         WHERE role = 'administrator' AND suspended_at IS NULL AND deleted_at IS NULL";
    count(transaction, all, []).await
}
