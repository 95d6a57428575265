//! Who has been asked into which room, and has not answered.

use crate::{Committed, Result, Store, stored};
use domain::{
    clock::Millis,
    ids::{AvatarId, RoomId, UserId},
    invitations::Invited,
    users::DisplayName,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement};
use uuid::Uuid;

impl Store {
    /// Invites these users into the room, all or none of them; who has no account is left out. Answers those who had
    /// not been invited before.
    pub async fn invite(
        &self,
        room: RoomId,
        users: &[UserId],
        by: UserId,
        at: Millis,
    ) -> Result<Committed> {
        let transaction = self.begin_write().await?;
        let mut invited = Vec::new();
        for user in users {
            let values = [room.uuid().into(), user.uuid().into(), by.uuid().into(), at.0.into()];
            let backend = transaction.get_database_backend();
            let put = Statement::from_sql_and_values(backend, INVITE, values);
            if transaction.execute_raw(put).await?.rows_affected() > 0 {
                invited.push((room, *user));
            }
        }
        if !invited.is_empty() {
            self.quotas.allow_invitations(&transaction, room).await?;
        }
        transaction.commit().await?;
        Ok(Committed { invitations: invited, ..Committed::default() })
    }

    /// Ends the user's invitation into the room, if there is one.
    pub async fn take_back_invitation(&self, room: RoomId, user: UserId) -> Result<Committed> {
        let transaction = self.begin_write().await?;
        forget_invitation(&transaction, room, user).await?;
        transaction.commit().await?;
        Ok(Committed { invitations: vec![(room, user)], ..Committed::default() })
    }

    /// Who asked the person into the room, as the room sees them.
    pub async fn inviter(&self, room: RoomId, user: UserId) -> Result<Option<DisplayName>> {
        let rows = self.ask(INVITER, [room.uuid().into(), user.uuid().into()]).await?;
        rows.first().map(|row| name(row, "name")).transpose()
    }

    /// Those who have been asked into the room, the last one first.
    pub async fn invited_to(&self, room: RoomId) -> Result<Vec<Invited>> {
        let rows = self.ask(INVITED, [room.uuid().into()]).await?;
        rows.iter().map(invited).collect()
    }
}

/// Whether the person has been asked into the room, and has not answered.
pub(crate) async fn is_invited(
    db: &impl ConnectionTrait,
    room: RoomId,
    user: UserId,
) -> Result<bool> {
    let ask = Statement::from_sql_and_values(
        db.get_database_backend(),
        "SELECT 1 FROM invitations WHERE room_id = $1 AND user_id = $2",
        [room.uuid().into(), user.uuid().into()],
    );
    Ok(db.query_one_raw(ask).await?.is_some())
}

/// False when there is nothing to forget.
pub(crate) async fn forget_invitation(
    transaction: &DatabaseTransaction,
    room: RoomId,
    user: UserId,
) -> Result<bool> {
    let forget = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        "DELETE FROM invitations WHERE room_id = $1 AND user_id = $2",
        [room.uuid().into(), user.uuid().into()],
    );
    Ok(transaction.execute_raw(forget).await?.rows_affected() > 0)
}

const INVITE: &str = "
    INSERT INTO invitations (room_id, user_id, invited_by, invited_at)
    SELECT $1, p.id, $3, $4 FROM users p WHERE p.id = $2 AND p.suspended_at IS NULL AND p.deleted_at IS NULL
    ON CONFLICT DO NOTHING";

const INVITER: &str = "
    SELECT f.name
    FROM invitations i
    JOIN users p ON p.id = i.invited_by
    LEFT JOIN memberships ms ON ms.room_id = i.room_id AND ms.user_id = i.invited_by
    JOIN profiles f ON f.id = COALESCE(ms.profile_id, p.default_profile_id)
    WHERE i.room_id = $1 AND i.user_id = $2";

const INVITED: &str = "
    SELECT i.user_id, f.name, f.avatar_id, by.name AS by_name
    FROM invitations i
    JOIN users p ON p.id = i.user_id
    JOIN profiles f ON f.id = p.default_profile_id
    JOIN users b ON b.id = i.invited_by
    LEFT JOIN memberships ms ON ms.room_id = i.room_id AND ms.user_id = i.invited_by
    JOIN profiles by ON by.id = COALESCE(ms.profile_id, b.default_profile_id)
    WHERE i.room_id = $1
    ORDER BY i.invited_at DESC, i.user_id";

fn invited(row: &QueryResult) -> Result<Invited> {
    let avatar: Option<Uuid> = row.try_get("", "avatar_id")?;
    Ok(Invited {
        user: UserId::from_uuid(row.try_get("", "user_id")?),
        name: name(row, "name")?,
        avatar: avatar.map(AvatarId::from_uuid),
        by: name(row, "by_name")?,
    })
}

fn name(row: &QueryResult, column: &str) -> Result<DisplayName> {
    let name: String = row.try_get("", column)?;
    stored(DisplayName::parse(&name), "name")
}
