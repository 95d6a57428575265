//! The second step of a sign-in: secrets, codes that have been used, and sign-ins that are half done.

use crate::{
    Error, Result, Store,
    account::{end_pending_logins, is_here},
    entities::{pending_logins, people, recovery_codes, second_steps},
};
use domain::{
    clock::Millis,
    ids::{SessionId, UserId},
    second_step::MAX_CODE_ATTEMPTS,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    Statement,
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

/// What is given for the second step of a sign-in, and is good once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenCode {
    /// The code of a step of time.
    Step(i64),
    /// The hash of a recovery code.
    Recovery([u8; 32]),
}

/// A sign-in whose password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingLogin {
    pub person: UserId,
    pub began_at: Millis,
}

impl Store {
    pub async fn second_step(&self, person: UserId) -> Result<Option<TotpState>> {
        let row = second_steps::Entity::find_by_id(person.uuid()).one(&self.read).await?;
        let Some(second_steps::Model { secret, fresh_codes, session_id, .. }) = row else {
            return Ok(None);
        };
        if let Some(codes) = fresh_codes {
            let fresh_codes = codes.lines().map(str::to_owned).collect();
            let session = session_id.ok_or(Error::Corrupt { what: "second step" })?;
            let session = SessionId::from_uuid(session);
            return Ok(Some(TotpState::Pending { secret, fresh_codes, session }));
        }
        let theirs = recovery_codes::Column::PersonId.eq(person.uuid());
        let codes_left = recovery_codes::Entity::find().filter(theirs).count(&self.read).await?;
        Ok(Some(TotpState::On { secret, codes_left }))
    }

    /// Begins to set it up, or begins again. Where it is asked for already, nothing changes.
    pub async fn begin_second_step(
        &self,
        person: UserId,
        session: SessionId,
        secret: &[u8],
        fresh_codes: &[String],
    ) -> Result<()> {
        let values = [
            person.uuid().into(),
            secret.to_vec().into(),
            fresh_codes.join("\n").into(),
            session.uuid().into(),
        ];
        let backend = self.write.get_database_backend();
        let begin = Statement::from_sql_and_values(backend, BEGIN, values);
        self.write.execute_raw(begin).await?;
        Ok(())
    }

    /// From now on it is asked for. `step` is when the code was made that confirms it: it is used. False when
    /// another secret is being set up by now, or none.
    pub async fn confirm_second_step(
        &self,
        person: UserId,
        secret: &[u8],
        step: i64,
        code_hashes: Vec<[u8; 32]>,
        at: Millis,
    ) -> Result<bool> {
        let transaction = self.begin_write().await?;
        let confirmed = second_steps::Entity::update_many()
            .col_expr(second_steps::Column::ConfirmedAt, Expr::value(at.0))
            .col_expr(second_steps::Column::FreshCodes, Expr::value(None::<String>))
            .col_expr(second_steps::Column::SessionId, Expr::value(None::<Uuid>))
            .col_expr(second_steps::Column::LastStep, Expr::value(step))
            .filter(second_steps::Column::PersonId.eq(person.uuid()))
            .filter(second_steps::Column::ConfirmedAt.is_null())
            .filter(second_steps::Column::Secret.eq(secret.to_vec()))
            .exec(&transaction)
            .await?;
        if confirmed.rows_affected == 0 {
            return Ok(false);
        }
        let rows = code_hashes.into_iter().map(|hash| recovery_codes::ActiveModel {
            person_id: Set(person.uuid()),
            code_hash: Set(hash.to_vec()),
        });
        recovery_codes::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// It is no longer asked for, nor set up. False when it is asked for, and the password is not the one that was
    /// checked.
    pub async fn end_second_step(
        &self,
        person: UserId,
        checked_hash: Option<&str>,
    ) -> Result<bool> {
        let transaction = self.begin_write().await?;
        let find = people::Entity::find().filter(is_here(person));
        let row = find.one(&transaction).await?;
        let is_checked = row.is_some_and(|row| Some(&*row.password_hash) == checked_hash);
        if !is_checked && asks_for_code(&transaction, person).await? {
            return Ok(false);
        }
        forget_two_factor(&transaction, person).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Forgets what is being set up by a session that has ended: secret and recovery codes are readable until
    /// they are confirmed.
    pub async fn sweep_setups(&self) -> Result<()> {
        let sweep = Statement::from_string(self.write.get_database_backend(), SWEEP_SETUPS);
        self.write.execute_raw(sweep).await?;
        Ok(())
    }

    /// The half sign-in, if it has a try left.
    pub async fn pending_login(&self, token_hash: [u8; 32]) -> Result<Option<PendingLogin>> {
        let row = pending_logins::Entity::find_by_id(token_hash.to_vec()).one(&self.read).await?;
        let row = row.filter(|row| i64::from(row.tries) < i64::from(MAX_CODE_ATTEMPTS));
        Ok(row.map(|row| PendingLogin {
            person: UserId::from_uuid(row.person_id),
            began_at: Millis(row.began_at),
        }))
    }

    /// Takes one of the tries that a half sign-in has. False when it has none left, or there is none.
    pub async fn try_pending_login(&self, token_hash: [u8; 32]) -> Result<bool> {
        let take = Statement::from_sql_and_values(
            self.write.get_database_backend(),
            "UPDATE half_sign_ins SET tries = tries + 1 WHERE token_hash = $1 AND tries < $2",
            [token_hash.to_vec().into(), i64::from(MAX_CODE_ATTEMPTS).into()],
        );
        Ok(self.write.execute_raw(take).await?.rows_affected() == 1)
    }

    /// Removes the half sign-ins that began before a moment.
    pub async fn sweep_pending_logins(&self, before: Millis) -> Result<u64> {
        let stale = pending_logins::Column::BeganAt.lt(before.0);
        let swept = pending_logins::Entity::delete_many().filter(stale).exec(&self.write).await?;
        Ok(swept.rows_affected)
    }
}

const BEGIN: &str = "
    INSERT INTO second_steps (person_id, secret, fresh_codes, session_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (person_id) DO UPDATE SET
        secret = excluded.secret, fresh_codes = excluded.fresh_codes, session_id = excluded.session_id
    WHERE second_steps.confirmed_at IS NULL";

const SWEEP_SETUPS: &str = "
    DELETE FROM second_steps WHERE confirmed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = second_steps.session_id)";

/// Whether the user's password alone is not enough.
pub(crate) async fn asks_for_code(db: &impl ConnectionTrait, user: UserId) -> Result<bool> {
    let row = second_steps::Entity::find_by_id(user.uuid()).one(db).await?;
    Ok(row.is_some_and(|row| row.confirmed_at.is_some()))
}

/// Uses a code. False when it is none of the user's, or it, or one of a later step, has been used.
pub(crate) async fn use_code(
    transaction: &DatabaseTransaction,
    user: UserId,
    code: GivenCode,
) -> Result<bool> {
    let changed = match code {
        GivenCode::Step(step) => {
            let mark = second_steps::Entity::update_many()
                .col_expr(second_steps::Column::LastStep, Expr::value(step))
                .filter(second_steps::Column::PersonId.eq(user.uuid()))
                .filter(second_steps::Column::ConfirmedAt.is_not_null())
                .filter(second_steps::Column::LastStep.lt(step));
            mark.exec(transaction).await?.rows_affected
        }
        GivenCode::Recovery(hash) => {
            let delete = recovery_codes::Entity::delete_many()
                .filter(recovery_codes::Column::PersonId.eq(user.uuid()))
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
    half: PendingLogin,
) -> Result<()> {
    let row = pending_logins::ActiveModel {
        token_hash: Set(token_hash.to_vec()),
        person_id: Set(half.person.uuid()),
        tries: NotSet,
        began_at: Set(half.began_at.0),
    };
    pending_logins::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

pub(crate) async fn forget_two_factor(db: &impl ConnectionTrait, person: UserId) -> Result<()> {
    let theirs = recovery_codes::Column::PersonId.eq(person.uuid());
    recovery_codes::Entity::delete_many().filter(theirs).exec(db).await?;
    second_steps::Entity::delete_by_id(person.uuid()).exec(db).await?;
    end_pending_logins(db, person).await
}
