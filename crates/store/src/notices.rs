//! What users are told about their accounts. Each notice is written in the transaction that does what it tells,
//! and stays after it was read: who takes an account over cannot take it away.

use crate::{
    Committed, Result, Store,
    sql::{decode, execute, exists, query},
};
use domain::{
    admin::UserRef,
    clock::Millis,
    ids::{NoticeId, UserId},
    notices::{MAX_NOTICES_SHOWN, Notice, NoticeKind},
    users::DisplayName,
};
use sea_orm::{DatabaseTransaction, FromQueryResult};
use uuid::Uuid;

impl Store {
    /// The newest first, at most [`MAX_NOTICES_SHOWN`].
    pub async fn notices(&self, user: UserId) -> Result<Vec<Notice>> {
        let values = [user.uuid().into(), MAX_NOTICES_SHOWN.into()];
        let rows = query::<NoticeRow>(&self.read, NOTICES, values).await?;
        rows.into_iter().map(NoticeRow::notice).collect()
    }

    /// The user has read what there is up to a notice. What was written after their page was drawn stays new.
    pub async fn mark_notices_read(
        &self,
        user: UserId,
        through: NoticeId,
        at: Millis,
    ) -> Result<Committed> {
        let values = [user.uuid().into(), at.0.into(), through.uuid().into()];
        execute(&self.write, MARK_READ, values).await?;
        Ok(Committed { changed_accounts: vec![user], ..Committed::default() })
    }

    pub(crate) async fn has_unread_notices(&self, user: UserId) -> Result<bool> {
        let unread = "SELECT 1 FROM notices WHERE user_id = $1 AND seen_at IS NULL LIMIT 1";
        exists(&self.read, unread, [user.uuid().into()]).await
    }
}

const MARK_READ: &str =
    "UPDATE notices SET seen_at = $2 WHERE user_id = $1 AND seen_at IS NULL AND id <= $3";

const NOTICES: &str = "
    SELECT n.id, n.kind, n.created_at, n.seen_at, n.actor_id, f.name AS actor_name
    FROM notices n
    LEFT JOIN users a ON a.id = n.actor_id
    LEFT JOIN profiles f ON f.id = a.default_profile_id
    WHERE n.user_id = $1
    ORDER BY n.id DESC LIMIT $2";

pub(crate) async fn insert_notice(
    transaction: &DatabaseTransaction,
    user: UserId,
    kind: NoticeKind,
    by: Option<UserId>,
    at: Millis,
) -> Result<()> {
    let values = [
        Uuid::now_v7().into(),
        user.uuid().into(),
        kind.code().into(),
        by.map(UserId::uuid).into(),
        at.0.into(),
    ];
    execute(transaction, INSERT, values).await?;
    Ok(())
}

const INSERT: &str =
    "INSERT INTO notices (id, user_id, kind, actor_id, created_at) VALUES ($1, $2, $3, $4, $5)";

#[derive(Debug, FromQueryResult)]
struct NoticeRow {
    id: Uuid,
    kind: String,
    created_at: i64,
    seen_at: Option<i64>,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
}

impl NoticeRow {
    fn notice(self) -> Result<Notice> {
        Ok(Notice {
            id: NoticeId::from_uuid(self.id),
            kind: decode(NoticeKind::from_code(&self.kind), "notice")?,
            by: self.actor_id.zip(self.actor_name).map(|(id, name)| UserRef {
                id: UserId::from_uuid(id),
                // A user who has deleted their account has none.
                name: DisplayName::parse(&name).ok(),
            }),
            at: Millis(self.created_at),
            is_new: self.seen_at.is_none(),
        })
    }
}
