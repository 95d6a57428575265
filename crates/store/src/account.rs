//! Accounts: address, password, and the preferences for all devices.

use crate::{
    Committed, Error, Result, Store,
    entities::{pending_logins, sessions, users},
    is_unique_violation,
    known_devices::delete_known_devices,
};
use domain::{
    account::Preferences,
    clock::Millis,
    ids::{SessionId, UserId},
    users::Email,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// An account that has not been deleted.
#[derive(Debug, Clone)]
pub struct AccountRow {
    pub email: Email,
    /// An older account has the same address, or it is none: the user is asked to change it.
    pub email_is_shared: bool,
    pub password_hash: String,
    pub created_at: Millis,
    pub preferences: Preferences,
}

/// What became of a new address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailOutcome {
    Done,
    /// Another account has it.
    Taken,
    /// The password is no longer the one that was checked.
    PasswordChanged,
}

impl Store {
    /// None when there is no such user, or the account has been deleted.
    pub async fn account(&self, user: UserId) -> Result<Option<AccountRow>> {
        let row = users::Entity::find().filter(active_user(user)).one(&self.read).await?;
        Ok(row.map(users::Model::account))
    }

    /// Changes the address, where the password is still the one that was checked.
    pub async fn change_email(
        &self,
        user: UserId,
        email: &Email,
        checked_hash: &str,
    ) -> Result<EmailOutcome> {
        let changed = users::Entity::update_many()
            .col_expr(users::Column::Email, Expr::value(email.as_str()))
            .col_expr(users::Column::AddressKey, Expr::value(email.as_str()))
            .filter(active_user(user))
            .filter(users::Column::PasswordHash.eq(checked_hash))
            .exec(&self.write)
            .await;
        match changed {
            Ok(changed) if changed.rows_affected == 0 => Ok(EmailOutcome::PasswordChanged),
            Ok(_) => Ok(EmailOutcome::Done),
            Err(error) if is_unique_violation(&error) => Ok(EmailOutcome::Taken),
            Err(error) => Err(Error::Database(error)),
        }
    }

    /// Changes the password and ends every session of the user but one, and their pending logins. None when the password is no longer the one that was checked, and nothing has changed.
    pub async fn change_password(
        &self,
        user: UserId,
        password_hash: &str,
        stays: SessionId,
        checked_hash: &str,
    ) -> Result<Option<Committed>> {
        let transaction = self.begin_write().await?;
        let changed = users::Entity::update_many()
            .col_expr(users::Column::PasswordHash, Expr::value(password_hash))
            .filter(active_user(user))
            .filter(users::Column::PasswordHash.eq(checked_hash))
            .exec(&transaction)
            .await?;
        if changed.rows_affected == 0 {
            return Ok(None);
        }
        let ended_sessions = end_sessions(&transaction, user, Some(stays)).await?;
        transaction.commit().await?;
        Ok(Some(Committed { ended_sessions, ..Committed::default() }))
    }

    pub async fn choose_language(&self, user: UserId, code: &str) -> Result<()> {
        self.choose(user, users::Column::Language, code).await
    }

    pub async fn choose_theme(&self, user: UserId, code: &str) -> Result<()> {
        self.choose(user, users::Column::Theme, code).await
    }

    async fn choose(&self, user: UserId, what: users::Column, code: &str) -> Result<()> {
        let choice = users::Entity::update_many().col_expr(what, Expr::value(code));
        choice.filter(active_user(user)).exec(&self.write).await?;
        Ok(())
    }
}

/// Finds the user, unless the account has been deleted.
pub(crate) fn active_user(user: UserId) -> Condition {
    Condition::all().add(users::Column::Id.eq(user.uuid())).add(users::Column::DeletedAt.is_null())
}

/// Ends the sessions of a user, all or all but one, and answers which those were; their pending logins end too. No
/// device stays known.
pub(crate) async fn end_sessions(
    transaction: &DatabaseTransaction,
    user: UserId,
    stays: Option<SessionId>,
) -> Result<Vec<SessionId>> {
    let mut theirs = Condition::all().add(sessions::Column::UserId.eq(user.uuid()));
    if let Some(stays) = stays {
        theirs = theirs.add(sessions::Column::Id.ne(stays.uuid()));
    }
    let ended: Vec<Uuid> = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .filter(theirs.clone())
        .into_tuple()
        .all(transaction)
        .await?;
    sessions::Entity::delete_many().filter(theirs).exec(transaction).await?;
    end_pending_logins(transaction, user).await?;
    delete_known_devices(transaction, user).await?;
    Ok(ended.into_iter().map(SessionId::from_uuid).collect())
}

pub(crate) async fn end_pending_logins(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    let theirs = pending_logins::Column::UserId.eq(user.uuid());
    pending_logins::Entity::delete_many().filter(theirs).exec(db).await?;
    Ok(())
}

impl users::Model {
    fn account(self) -> AccountRow {
        let Self { email, address_key, password_hash, created_at, language, theme, .. } = self;
        AccountRow {
            email: Email::stored(email),
            email_is_shared: address_key.is_none(),
            password_hash,
            created_at: Millis(created_at),
            preferences: Preferences { language, theme },
        }
    }
}
