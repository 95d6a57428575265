//! What users are told about their accounts. Each notice is written in the transaction that does what it tells,
//! and stays after it was read: who takes an account over cannot take it away.

use crate::{Committed, Result, Store, stored};
use domain::{
    admin::UserRef,
    clock::Millis,
    ids::{NoticeId, UserId},
    notices::{MAX_NOTICES_SHOWN, Notice, NoticeKind},
    users::DisplayName,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement};
use uuid::Uuid;

impl Store {
    /// The newest first, at most [`MAX_NOTICES_SHOWN`].
    pub async fn notices(&self, user: UserId) -> Result<Vec<Notice>> {
        let rows = self.ask(NOTICES, [user.uuid().into(), MAX_NOTICES_SHOWN.into()]).await?;
        rows.iter().map(notice).collect()
    }

    /// The user has read what there is up to a notice. What was written after their page was drawn stays new.
    pub async fn mark_notices_read(
        &self,
        user: UserId,
        through: NoticeId,
        at: Millis,
    ) -> Result<Committed> {
        let read = Statement::from_sql_and_values(
            self.write.get_database_backend(),
            "UPDATE notices SET seen_at = $2 WHERE user_id = $1 AND seen_at IS NULL AND id <= $3",
            [user.uuid().into(), at.0.into(), through.uuid().into()],
        );
        self.write.execute_raw(read).await?;
        Ok(Committed { changed_accounts: vec![user], ..Committed::default() })
    }

    pub(crate) async fn has_unread_notices(&self, user: UserId) -> Result<bool> {
        let unread = "SELECT 1 FROM notices WHERE user_id = $1 AND seen_at IS NULL LIMIT 1";
        Ok(!self.ask(unread, [user.uuid().into()]).await?.is_empty())
    }
}

const NOTICES: &str = "
    SELECT n.id, n.kind, n.created_at, n.seen_at, n.actor_id, f.name AS by_name
    FROM notices n
    LEFT JOIN users b ON b.id = n.actor_id
    LEFT JOIN profiles f ON f.id = b.default_profile_id
    WHERE n.user_id = $1
    ORDER BY n.id DESC LIMIT $2";

pub(crate) async fn insert_notice(
    transaction: &DatabaseTransaction,
    user: UserId,
    kind: NoticeKind,
    by: Option<UserId>,
    at: Millis,
) -> Result<()> {
    let insert = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        "INSERT INTO notices (id, user_id, kind, actor_id, created_at) VALUES ($1, $2, $3, $4, $5)",
        [
            Uuid::now_v7().into(),
            user.uuid().into(),
            kind.code().into(),
            by.map(UserId::uuid).into(),
            at.0.into(),
        ],
    );
    transaction.execute_raw(insert).await?;
    Ok(())
}

fn notice(row: &QueryResult) -> Result<Notice> {
    let kind: String = row.try_get("", "kind")?;
    let by: Option<Uuid> = row.try_get("", "actor_id")?;
    let name: Option<String> = row.try_get("", "by_name")?;
    let seen_at: Option<i64> = row.try_get("", "seen_at")?;
    Ok(Notice {
        id: NoticeId::from_uuid(row.try_get("", "id")?),
        kind: stored(NoticeKind::from_code(&kind).ok_or(()), "notice")?,
        by: by.zip(name).map(|(id, name)| UserRef {
            id: UserId::from_uuid(id),
            // A user who has deleted their account has none.
            name: DisplayName::parse(&name).ok(),
        }),
        at: Millis(row.try_get("", "created_at")?),
        is_new: seen_at.is_none(),
    })
}
