//! Two-factor authentication: secrets, codes that have been used, and pending logins.

use crate::{
    Error, Result, Store,
    account::{active_user, end_pending_logins},
    entities::{pending_logins, recovery_codes, two_factor, users},
    sql::execute,
};
use domain::{
    clock::Millis,
    ids::{SessionId, UserId},
    two_factor::MAX_CODE_ATTEMPTS,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

/// What an account's codes are made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TotpState {
    /// It is being set up: these are shown.
    Pending {
        secret: Vec<u8>,
        fresh_codes: Vec<String>,
        /// From where: to other sessions of the same user it is not shown.
        session: SessionId,
    },
    /// It is asked for.
    On { secret: Vec<u8>, codes_left: u64 },
}

/// What is given as the second factor of a sign-in, and is good once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenCode {
    /// The code of a time window.
    Window(i64),
    /// The hash of a recovery code.
    Recovery([u8; 32]),
}

/// A sign-in whose password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingLogin {
    pub user: UserId,
    pub began_at: Millis,
}

impl Store {
    pub async fn two_factor(&self, user: UserId) -> Result<Option<TotpState>> {
        let row = two_factor::Entity::find_by_id(user.uuid()).one(&self.read).await?;
        let Some(two_factor::Model { secret, fresh_codes, session_id, .. }) = row else {
            return Ok(None);
        };
        if let Some(codes) = fresh_codes {
            let fresh_codes = codes.lines().map(str::to_owned).collect();
            let session = session_id.ok_or(Error::Corrupt { what: "two-factor state" })?;
            let session = SessionId::from_uuid(session);
            return Ok(Some(TotpState::Pending { secret, fresh_codes, session }));
        }
        let theirs = recovery_codes::Column::UserId.eq(user.uuid());
        let codes_left = recovery_codes::Entity::find().filter(theirs).count(&self.read).await?;
        Ok(Some(TotpState::On { secret, codes_left }))
    }

    /// Begins to set it up, or begins again. Where it is asked for already, nothing changes.
    pub async fn begin_two_factor(
        &self,
        user: UserId,
        session: SessionId,
        secret: &[u8],
        fresh_codes: &[String],
    ) -> Result<()> {
        let values = [
            user.uuid().into(),
            secret.to_vec().into(),
            fresh_codes.join("\n").into(),
            session.uuid().into(),
        ];
        execute(&self.write, BEGIN, values).await.map(drop)
    }

    /// From now on it is asked for. `window` is that of the code that confirms it, which is used. False when
    /// another secret is being set up by now, or none.
    pub async fn confirm_two_factor(
        &self,
        user: UserId,
        secret: &[u8],
        window: i64,
        code_hashes: Vec<[u8; 32]>,
        at: Millis,
    ) -> Result<bool> {
        let transaction = self.begin_write().await?;
        let confirmed = two_factor::Entity::update_many()
            .col_expr(two_factor::Column::ConfirmedAt, Expr::value(at.0))
            .col_expr(two_factor::Column::FreshCodes, Expr::value(None::<String>))
            .col_expr(two_factor::Column::SessionId, Expr::value(None::<Uuid>))
            .col_expr(two_factor::Column::LastWindow, Expr::value(window))
            .filter(two_factor::Column::UserId.eq(user.uuid()))
            .filter(two_factor::Column::ConfirmedAt.is_null())
            .filter(two_factor::Column::Secret.eq(secret.to_vec()))
            .exec(&transaction)
            .await?;
        if confirmed.rows_affected == 0 {
            return Ok(false);
        }
        let rows = code_hashes.into_iter().map(|hash| recovery_codes::ActiveModel {
            user_id: Set(user.uuid()),
            code_hash: Set(hash.to_vec()),
        });
        recovery_codes::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// It is no longer asked for, nor set up. False when it is asked for, and the password is not the one that was
    /// checked.
    pub async fn end_two_factor(&self, user: UserId, checked_hash: Option<&str>) -> Result<bool> {
        let transaction = self.begin_write().await?;
        let find = users::Entity::find().filter(active_user(user));
        let row = find.one(&transaction).await?;
        let is_checked = row.is_some_and(|row| Some(&*row.password_hash) == checked_hash);
        if !is_checked && asks_for_code(&transaction, user).await? {
            return Ok(false);
        }
        delete_two_factor(&transaction, user).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Forgets what is being set up by a session that has ended: secret and recovery codes are readable until
    /// they are confirmed.
    pub async fn sweep_setups(&self) -> Result<()> {
        execute(&self.write, SWEEP_SETUPS, []).await.map(drop)
    }

    /// The pending login, if it has an attempt left.
    pub async fn pending_login(&self, token_hash: [u8; 32]) -> Result<Option<PendingLogin>> {
        let row = pending_logins::Entity::find_by_id(token_hash.to_vec()).one(&self.read).await?;
        let row = row.filter(|row| i64::from(row.attempts) < i64::from(MAX_CODE_ATTEMPTS));
        Ok(row.map(|row| PendingLogin {
            user: UserId::from_uuid(row.user_id),
            began_at: Millis(row.began_at),
        }))
    }

    /// Takes one of the attempts that a pending login has. False when it has none left, or there is none.
    pub async fn try_pending_login(&self, token_hash: [u8; 32]) -> Result<bool> {
        let values = [token_hash.to_vec().into(), i64::from(MAX_CODE_ATTEMPTS).into()];
        Ok(execute(&self.write, COUNT_ATTEMPT, values).await? == 1)
    }

    /// Removes the pending logins that began before a moment.
    pub async fn sweep_pending_logins(&self, before: Millis) -> Result<u64> {
        let stale = pending_logins::Column::BeganAt.lt(before.0);
        let swept = pending_logins::Entity::delete_many().filter(stale).exec(&self.write).await?;
        Ok(swept.rows_affected)
    }
}

const BEGIN: &str = "
    INSERT INTO two_factor (user_id, secret, fresh_codes, session_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id) DO UPDATE SET
        secret = excluded.secret, fresh_codes = excluded.fresh_codes, session_id = excluded.session_id
    WHERE two_factor.confirmed_at IS NULL";

const COUNT_ATTEMPT: &str = "
    UPDATE pending_logins SET attempts = attempts + 1 WHERE token_hash = $1 AND attempts < $2";

const SWEEP_SETUPS: &str = "
    DELETE FROM two_factor WHERE confirmed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = two_factor.session_id)";

/// Whether the user's password alone is not enough.
pub(crate) async fn asks_for_code(db: &impl ConnectionTrait, user: UserId) -> Result<bool> {
    let row = two_factor::Entity::find_by_id(user.uuid()).one(db).await?;
    Ok(row.is_some_and(|row| row.confirmed_at.is_some()))
}

/// Uses a code. False when it is none of the user's, or it, or one of a later window, has been used.
pub(crate) async fn use_code(
    transaction: &DatabaseTransaction,
    user: UserId,
    code: GivenCode,
) -> Result<bool> {
    let changed = match code {
        GivenCode::Window(window) => {
            let mark = two_factor::Entity::update_many()
                .col_expr(two_factor::Column::LastWindow, Expr::value(window))
                .filter(two_factor::Column::UserId.eq(user.uuid()))
                .filter(two_factor::Column::ConfirmedAt.is_not_null())
                .filter(two_factor::Column::LastWindow.lt(window));
            mark.exec(transaction).await?.rows_affected
        }
        GivenCode::Recovery(hash) => {
            let delete = recovery_codes::Entity::delete_many()
                .filter(recovery_codes::Column::UserId.eq(user.uuid()))
                .filter(recovery_codes::Column::CodeHash.eq(hash.to_vec()));
            delete.exec(transaction).await?.rows_affected
        }
    };
    Ok(changed == 1)
}

/// The password was right: remembers it until the code has come.
pub(crate) async fn begin_pending_login(
    db: &impl ConnectionTrait,
    token_hash: [u8; 32],
    pending: PendingLogin,
) -> Result<()> {
    let row = pending_logins::ActiveModel {
        token_hash: Set(token_hash.to_vec()),
        user_id: Set(pending.user.uuid()),
        attempts: NotSet,
        began_at: Set(pending.began_at.0),
    };
    pending_logins::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

pub(crate) async fn delete_two_factor(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    let theirs = recovery_codes::Column::UserId.eq(user.uuid());
    recovery_codes::Entity::delete_many().filter(theirs).exec(db).await?;
    two_factor::Entity::delete_by_id(user.uuid()).exec(db).await?;
    end_pending_logins(db, user).await
}
