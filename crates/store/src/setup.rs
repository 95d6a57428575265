//! The beginning of an instance: who may make its first account, and what it knows of earlier versions.

use crate::{
    Error, NewUser, Result, Store,
    entities::users,
    sql::{execute, exists, query_value},
    users::{has_users, insert_user},
};
use domain::{clock::Millis, ids::UserId};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// What shows that a caller may make the first account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupProof {
    None,
    /// The caller is at the machine on which the instance runs.
    AtTheMachine,
    /// SHA-256 of the secret in the set-up link.
    Link([u8; 32]),
}

/// What became of a sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpOutcome {
    Made(UserId),
    /// Another account has the address already.
    Taken,
    /// It would be the first one, and the caller has not shown that they may make it.
    NotSetUp,
    /// The set-up link has been used, or a newer one has been made.
    Gone,
}

impl Store {
    /// Until when cookies are read under the names that earlier versions gave them.
    pub async fn old_cookies_until(&self) -> Result<Millis> {
        let until = query_value(&self.read, "SELECT old_cookies_until FROM instance", []).await?;
        Ok(Millis(until.ok_or(Error::Corrupt { what: "instance" })?))
    }

    /// Whether there is an account. When the last one is deleted, the set-up begins anew.
    pub async fn is_set_up(&self) -> Result<bool> {
        let here = users::Entity::find().filter(users::Column::DeletedAt.is_null());
        Ok(here.one(&self.read).await?.is_some())
    }

    /// Makes an account with one profile. The first one, by which a set-up link is used up, is an administrator's.
    pub async fn make_account(&self, new: NewUser, proof: SetupProof) -> Result<SignUpOutcome> {
        let transaction = self.begin_write().await?;
        match (has_users(&transaction).await?, proof) {
            (false, SetupProof::None) => return Ok(SignUpOutcome::NotSetUp),
            (true, SetupProof::Link(_)) => return Ok(SignUpOutcome::Gone),
            (false, SetupProof::Link(hash)) if use_link(&transaction, hash).await? == 0 => {
                return Ok(SignUpOutcome::Gone);
            }
            _ => {}
        }
        let Some(user) = insert_user(&transaction, new).await? else {
            return Ok(SignUpOutcome::Taken);
        };
        execute(&transaction, NO_LINK, []).await?;
        transaction.commit().await?;
        Ok(SignUpOutcome::Made(user))
    }

    /// Keeps the hash of a set-up link; an earlier one is worth nothing from now on. False when there is an
    /// account already.
    pub async fn make_setup_link(&self, hash: [u8; 32]) -> Result<bool> {
        let transaction = self.begin_write().await?;
        if has_users(&transaction).await? {
            return Ok(false);
        }
        let keep = "UPDATE instance SET setup_hash = $1";
        execute(&transaction, keep, [hash.to_vec().into()]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Whether this is the hash of the set-up link, and there is no account yet.
    pub async fn is_setup_link(&self, hash: &[u8; 32]) -> Result<bool> {
        exists(&self.read, IS_LINK, [hash.to_vec().into()]).await
    }
}

const NO_LINK: &str = "UPDATE instance SET setup_hash = NULL WHERE setup_hash IS NOT NULL";

const IS_LINK: &str = "SELECT 1 FROM instance WHERE setup_hash = $1
    AND NOT EXISTS (SELECT 1 FROM users WHERE deleted_at IS NULL)";

/// Answers how many links that was: one, or none.
async fn use_link(transaction: &DatabaseTransaction, hash: [u8; 32]) -> Result<u64> {
    let clear = "UPDATE instance SET setup_hash = NULL WHERE setup_hash = $1";
    execute(transaction, clear, [hash.to_vec().into()]).await
}
