//! Which of a user's profiles each of their rooms sees.

use crate::{
    ProfileOutcome, Result, Store,
    entities::{memberships, profiles},
    memberships::Status,
    profiles::{commit_profile, is_theirs},
    sql::{decode, query},
};
use domain::{
    ids::{ProfileId, RoomId, UserId},
    profiles::RoomProfile,
    rooms::RoomTitle,
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, sea_query::Expr};
use uuid::Uuid;

impl Store {
    /// Which profile each of the user's rooms sees, the newest room first.
    pub async fn room_profiles_of(&self, user: UserId) -> Result<Vec<RoomProfile>> {
        let values = [user.uuid().into()];
        let rows = query::<RoomProfileRow>(&self.read, ROOM_PROFILES, values).await?;
        rows.into_iter().map(RoomProfileRow::room_profile).collect()
    }

    /// From now on the room sees this profile, or the default.
    pub async fn set_room_profile(
        &self,
        user: UserId,
        room: RoomId,
        profile: Option<ProfileId>,
    ) -> Result<ProfileOutcome> {
        let transaction = self.begin_write().await?;
        if let Some(profile) = profile {
            let find = profiles::Entity::find().filter(is_theirs(user, profile));
            if find.one(&transaction).await?.is_none() {
                return Ok(ProfileOutcome::NotTheirs);
            }
        }
        let key = (room.uuid(), user.uuid());
        let row = memberships::Entity::find_by_id(key).one(&transaction).await?;
        let Some(row) = row.filter(|row| row.status == Status::In.code()) else {
            return Ok(ProfileOutcome::NotTheirs);
        };
        let profile = profile.map(ProfileId::uuid);
        if row.profile_id == profile {
            return commit_profile(transaction, user, Vec::new(), None)
                .await
                .map(ProfileOutcome::Done);
        }
        memberships::Entity::update_many()
            .col_expr(memberships::Column::ProfileId, Expr::value(profile))
            .filter(memberships::Column::RoomId.eq(room.uuid()))
            .filter(memberships::Column::UserId.eq(user.uuid()))
            .exec(&transaction)
            .await?;
        commit_profile(transaction, user, vec![room.uuid()], None).await.map(ProfileOutcome::Done)
    }
}

/// A one-to-one room is called by the name of the other member. One without another member, or whose other member has
/// deleted their account, is left out: no one else sees the profile there.
pub(crate) const ROOM_PROFILES: &str = "
    SELECT room_id, profile_id, title FROM (
        SELECT r.id AS room_id, ms.profile_id, ms.joined_at, CASE WHEN r.kind <> 'direct' THEN r.title
            ELSE (SELECT o.name FROM displayed_members o
                WHERE o.room_id = r.id AND o.user_id <> ms.user_id AND o.user_deleted_at IS NULL) END AS title
        FROM memberships ms
        JOIN rooms r ON r.id = ms.room_id
        WHERE ms.user_id = $1 AND ms.status = 'in' AND r.closed_at IS NULL)
    WHERE title IS NOT NULL
    ORDER BY joined_at DESC, room_id";

#[derive(Debug, FromQueryResult)]
struct RoomProfileRow {
    room_id: Uuid,
    profile_id: Option<Uuid>,
    title: String,
}

impl RoomProfileRow {
    fn room_profile(self) -> Result<RoomProfile> {
        Ok(RoomProfile {
            room: RoomId::from_uuid(self.room_id),
            title: decode(RoomTitle::parse(&self.title).ok(), "title")?,
            profile: self.profile_id.map(ProfileId::from_uuid),
        })
    }
}
