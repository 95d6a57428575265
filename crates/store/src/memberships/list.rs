//! The members of a room, and those who are banned from it.

use super::Status;
use crate::{
    Result, Store,
    sql::{decode, query},
};
use domain::{
    ids::{AvatarId, RoomId, UserId},
    memberships::{Membership, Role},
    users::DisplayName,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

impl Store {
    /// The members, owners first, then moderators, then in the order in which they joined.
    pub async fn members_of(&self, room: RoomId) -> Result<Vec<Membership>> {
        self.memberships(room, Status::In).await
    }

    /// Those who are banned.
    pub async fn banned_from(&self, room: RoomId) -> Result<Vec<Membership>> {
        self.memberships(room, Status::Banned).await
    }

    async fn memberships(&self, room: RoomId, status: Status) -> Result<Vec<Membership>> {
        let values = [room.uuid().into(), status.code().into()];
        let rows = query::<MembershipRow>(&self.read, MEMBERSHIPS, values).await?;
        rows.into_iter().map(MembershipRow::membership).collect()
    }
}

pub(crate) const MEMBERSHIPS: &str = "
    SELECT user_id, role, name, avatar_id FROM displayed_members
    WHERE room_id = $1 AND status = $2 AND user_deleted_at IS NULL
    ORDER BY CASE role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END, joined_at, user_id";

#[derive(Debug, FromQueryResult)]
struct MembershipRow {
    user_id: Uuid,
    role: String,
    name: String,
    avatar_id: Option<Uuid>,
}

impl MembershipRow {
    fn membership(self) -> Result<Membership> {
        Ok(Membership {
            user: UserId::from_uuid(self.user_id),
            name: decode(DisplayName::parse(&self.name).ok(), "name")?,
            avatar: self.avatar_id.map(AvatarId::from_uuid),
            role: decode(Role::from_code(&self.role), "role")?,
        })
    }
}
