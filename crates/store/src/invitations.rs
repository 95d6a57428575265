//! Invitations that have not been answered.

use crate::{
    Committed, Result, Store,
    sql::{decode, execute, exists, query, query_value},
};
use domain::{
    clock::Millis,
    ids::{AvatarId, RoomId, UserId},
    invitations::Invited,
    users::DisplayName,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};
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
            if execute(&transaction, INVITE, values).await? > 0 {
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
    pub async fn revoke_invitation(&self, room: RoomId, user: UserId) -> Result<Committed> {
        let transaction = self.begin_write().await?;
        delete_invitation(&transaction, room, user).await?;
        transaction.commit().await?;
        Ok(Committed { invitations: vec![(room, user)], ..Committed::default() })
    }

    /// The name of the inviter, as the room sees them.
    pub async fn inviter(&self, room: RoomId, user: UserId) -> Result<Option<DisplayName>> {
        let values = [room.uuid().into(), user.uuid().into()];
        let name: Option<String> = query_value(&self.read, INVITER, values).await?;
        name.map(|name| decode(DisplayName::parse(&name).ok(), "name")).transpose()
    }

    /// Those who have been invited into the room, the latest first.
    pub async fn invited_to(&self, room: RoomId) -> Result<Vec<Invited>> {
        let rows = query::<InvitedRow>(&self.read, INVITED, [room.uuid().into()]).await?;
        rows.into_iter().map(InvitedRow::invited).collect()
    }
}

/// Whether the user is invited into the room, and has not answered.
pub(crate) async fn is_invited(
    db: &impl ConnectionTrait,
    room: RoomId,
    user: UserId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM invitations WHERE room_id = $1 AND user_id = $2";
    exists(db, sql, [room.uuid().into(), user.uuid().into()]).await
}

/// False when there is none.
pub(crate) async fn delete_invitation(
    transaction: &DatabaseTransaction,
    room: RoomId,
    user: UserId,
) -> Result<bool> {
    let sql = "DELETE FROM invitations WHERE room_id = $1 AND user_id = $2";
    Ok(execute(transaction, sql, [room.uuid().into(), user.uuid().into()]).await? > 0)
}

const INVITE: &str = "
    INSERT INTO invitations (room_id, user_id, invited_by, invited_at)
    SELECT $1, p.id, $3, $4 FROM users p WHERE p.id = $2 AND p.suspended_at IS NULL AND p.deleted_at IS NULL
    ON CONFLICT DO NOTHING";

// Who invites is a member, and the row of a membership stays when it ends: there is one for each inviter.

pub(crate) const INVITER: &str = "
    SELECT inviter.name FROM invitations i
    JOIN displayed_members inviter ON inviter.room_id = i.room_id AND inviter.user_id = i.invited_by
    WHERE i.room_id = $1 AND i.user_id = $2";

pub(crate) const INVITED: &str = "
    SELECT i.user_id, f.name, f.avatar_id, inviter.name AS inviter_name
    FROM invitations i
    JOIN users p ON p.id = i.user_id
    JOIN profiles f ON f.id = p.default_profile_id
    JOIN displayed_members inviter ON inviter.room_id = i.room_id AND inviter.user_id = i.invited_by
    WHERE i.room_id = $1
    ORDER BY i.invited_at DESC, i.user_id";

#[derive(Debug, FromQueryResult)]
struct InvitedRow {
    user_id: Uuid,
    name: String,
    avatar_id: Option<Uuid>,
    inviter_name: String,
}

impl InvitedRow {
    fn invited(self) -> Result<Invited> {
        Ok(Invited {
            user: UserId::from_uuid(self.user_id),
            name: decode(DisplayName::parse(&self.name).ok(), "name")?,
            avatar: self.avatar_id.map(AvatarId::from_uuid),
            by: decode(DisplayName::parse(&self.inviter_name).ok(), "name")?,
        })
    }
}
