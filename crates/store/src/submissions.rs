//! Forms that make something, each under an id that it carries. What a form made is recorded in the transaction that
//! makes it: the same form sent again finds that, also when it is gone since, and makes nothing.

use crate::{Error, Result, Store, entities::form_submissions as submissions};
use domain::{
    clock::Millis,
    ids::{ClientId, UserId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use uuid::Uuid;

/// Milliseconds for which a submission is remembered. A page that stays open for longer sends a new form.
const REMEMBERED_MILLIS: i64 = 90 * 24 * 60 * 60 * 1_000;

/// A form as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission {
    pub user: UserId,
    pub client_id: ClientId,
    /// SHA-256 of what it asks for.
    pub content_hash: [u8; 32],
}

impl Store {
    /// The id of what this form has made before.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the same id was sent with another content.
    pub async fn find_submitted(&self, submission: Submission) -> Result<Option<Uuid>> {
        find_submitted(&self.read, Some(submission)).await
    }
}

/// As [`Store::find_submitted`], for the transaction that would make it. A form without an id never has made anything.
pub(crate) async fn find_submitted(
    db: &impl ConnectionTrait,
    submission: Option<Submission>,
) -> Result<Option<Uuid>> {
    let Some(Submission { user, client_id, content_hash }) = submission else { return Ok(None) };
    let key = (user.uuid(), client_id.uuid());
    match submissions::Entity::find_by_id(key).one(db).await? {
        None => Ok(None),
        Some(row) if row.content_hash == content_hash => Ok(Some(row.created_id)),
        Some(_) => Err(Error::Conflict),
    }
}

/// Records what a form makes, and forgets what the user's forms made long ago.
pub(crate) async fn record(
    transaction: &DatabaseTransaction,
    submission: Option<Submission>,
    made: Uuid,
    at: Millis,
) -> Result<()> {
    let Some(Submission { user, client_id, content_hash }) = submission else { return Ok(()) };
    submissions::Entity::delete_many()
        .filter(submissions::Column::UserId.eq(user.uuid()))
        .filter(submissions::Column::SubmittedAt.lt(at.0.saturating_sub(REMEMBERED_MILLIS)))
        .exec(transaction)
        .await?;
    let row = submissions::ActiveModel {
        user_id: Set(user.uuid()),
        client_id: Set(client_id.uuid()),
        content_hash: Set(content_hash.to_vec()),
        created_id: Set(made),
        submitted_at: Set(at.0),
    };
    submissions::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}
