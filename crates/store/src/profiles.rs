//! Profiles. A change takes a number in every room that sees it, which `profile_updates` sees to.

use crate::{
    Committed, Error, Result, Store,
    entities::{memberships, profiles, users},
    memberships::Status,
    profile_updates::record_in_rooms,
    sql::{decode, query},
    submissions::{Submission, made_before, record},
    users::find_summary,
};
use domain::{
    clock::Millis,
    ids::{AvatarId, ProfileId, RoomId, UserId},
    name_keys::NameKeys,
    profiles::{MAX_PROFILES, Profile, RoomProfile},
    rooms::RoomTitle,
    users::{CurrentUser, DisplayName, UserSummary},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// Why a profile was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileError {
    /// The person has no such profile, or is not in the room.
    NotTheirs,
    /// Somebody has to be somebody: the default cannot be deleted.
    IsDefault,
    TooMany,
}

impl Store {
    /// The person's profiles, the default first, then as they were made.
    pub async fn profiles_of(&self, user: UserId) -> Result<Vec<Profile>> {
        let snapshot = self.begin_snapshot().await?;
        let rows = profiles::Entity::find()
            .filter(profiles::Column::UserId.eq(user.uuid()))
            .order_by_asc(profiles::Column::CreatedAt)
            .order_by_asc(profiles::Column::Id)
            .all(&snapshot)
            .await?;
        let default = default_of(&snapshot, user).await?;
        snapshot.commit().await?;
        let mine = rows.iter().map(|row| row.profile(default));
        let mut mine = mine.collect::<Result<Vec<_>>>()?;
        mine.sort_by_key(|profile| !profile.is_default);
        Ok(mine)
    }

    /// Which profile each of the person's rooms sees, the newest room first.
    pub async fn room_profiles_of(&self, user: UserId) -> Result<Vec<RoomProfile>> {
        let values = [user.uuid().into()];
        let rows = query::<RoomProfileRow>(&self.read, ROOM_PROFILES, values).await?;
        rows.into_iter().map(RoomProfileRow::room_profile).collect()
    }

    /// Adds a profile. The same form sent again is answered with the profile that it has made.
    pub async fn add_profile(
        &self,
        user: UserId,
        name: &DisplayName,
        at: Millis,
        submission: Option<Submission>,
    ) -> Result<std::result::Result<ProfileId, ProfileError>> {
        let transaction = self.begin_write().await?;
        if let Some(made) = made_before(&transaction, submission).await? {
            return Ok(Ok(ProfileId::from_uuid(made)));
        }
        let of_user = profiles::Column::UserId.eq(user.uuid());
        let has = profiles::Entity::find().filter(of_user).count(&transaction).await?;
        if has >= MAX_PROFILES.into() {
            return Ok(Err(ProfileError::TooMany));
        }
        let id = Uuid::now_v7();
        let row = new_profile(id, user, name, at);
        profiles::Entity::insert(row).exec_without_returning(&transaction).await?;
        record(&transaction, submission, id, at).await?;
        transaction.commit().await?;
        Ok(Ok(ProfileId::from_uuid(id)))
    }

    pub async fn rename_profile(
        &self,
        user: UserId,
        profile: ProfileId,
        name: &DisplayName,
    ) -> Result<std::result::Result<Committed, ProfileError>> {
        let transaction = self.begin_write().await?;
        let keys = NameKeys::of(name.as_str());
        let change = profiles::Entity::update_many()
            .col_expr(profiles::Column::Name, Expr::value(name.as_str()))
            .col_expr(profiles::Column::HangulFirst, Expr::value(keys.hangul_first))
            .col_expr(profiles::Column::LatinFirst, Expr::value(keys.latin_first))
            .col_expr(profiles::Column::Initials, Expr::value(keys.initials));
        if change.filter(is_theirs(user, profile)).exec(&transaction).await?.rows_affected == 0 {
            return Ok(Err(ProfileError::NotTheirs));
        }
        let rooms = seen_in(&transaction, user, profile).await?;
        commit_profile(transaction, user, rooms, None).await.map(Ok)
    }

    /// Gives the profile a picture, or takes it away.
    pub async fn set_profile_avatar(
        &self,
        user: UserId,
        profile: ProfileId,
        avatar: Option<AvatarId>,
    ) -> Result<std::result::Result<Committed, ProfileError>> {
        let transaction = self.begin_write().await?;
        let theirs = is_theirs(user, profile);
        let find = profiles::Entity::find().filter(theirs.clone());
        let Some(row) = find.one(&transaction).await? else {
            return Ok(Err(ProfileError::NotTheirs));
        };
        let pictured = Expr::value(avatar.map(AvatarId::uuid));
        let change = profiles::Entity::update_many().col_expr(profiles::Column::AvatarId, pictured);
        change.filter(theirs).exec(&transaction).await?;
        let rooms = seen_in(&transaction, user, profile).await?;
        commit_profile(transaction, user, rooms, row.avatar_id).await.map(Ok)
    }

    /// From now on everybody sees this one where no other was chosen.
    pub async fn set_default_profile(
        &self,
        user: UserId,
        profile: ProfileId,
    ) -> Result<std::result::Result<Committed, ProfileError>> {
        let transaction = self.begin_write().await?;
        let find = profiles::Entity::find().filter(is_theirs(user, profile));
        if find.one(&transaction).await?.is_none() {
            return Ok(Err(ProfileError::NotTheirs));
        }
        if default_of(&transaction, user).await? == profile.uuid() {
            return commit_profile(transaction, user, Vec::new(), None).await.map(Ok);
        }
        users::Entity::update_many()
            .col_expr(users::Column::DefaultProfileId, Expr::value(profile.uuid()))
            .filter(users::Column::Id.eq(user.uuid()))
            .exec(&transaction)
            .await?;
        let unassigned = memberships::Column::ProfileId.is_null();
        let rooms = rooms_where(&transaction, user, unassigned).await?;
        commit_profile(transaction, user, rooms, None).await.map(Ok)
    }

    /// Deletes a profile; the rooms that saw it see the default.
    pub async fn delete_profile(
        &self,
        user: UserId,
        profile: ProfileId,
    ) -> Result<std::result::Result<Committed, ProfileError>> {
        let transaction = self.begin_write().await?;
        let theirs = is_theirs(user, profile);
        let find = profiles::Entity::find().filter(theirs.clone());
        let Some(row) = find.one(&transaction).await? else {
            return Ok(Err(ProfileError::NotTheirs));
        };
        if default_of(&transaction, user).await? == row.id {
            return Ok(Err(ProfileError::IsDefault));
        }
        let room_profile = memberships::Column::ProfileId.eq(row.id);
        let rooms = rooms_where(&transaction, user, room_profile.clone()).await?;
        memberships::Entity::update_many()
            .col_expr(memberships::Column::ProfileId, Expr::value(None::<Uuid>))
            .filter(room_profile)
            .exec(&transaction)
            .await?;
        profiles::Entity::delete_many().filter(theirs).exec(&transaction).await?;
        commit_profile(transaction, user, rooms, row.avatar_id).await.map(Ok)
    }

    /// From now on the room sees this profile, or the default.
    pub async fn set_room_profile(
        &self,
        user: UserId,
        room: RoomId,
        profile: Option<ProfileId>,
    ) -> Result<std::result::Result<Committed, ProfileError>> {
        let transaction = self.begin_write().await?;
        if let Some(profile) = profile {
            let find = profiles::Entity::find().filter(is_theirs(user, profile));
            if find.one(&transaction).await?.is_none() {
                return Ok(Err(ProfileError::NotTheirs));
            }
        }
        let key = (room.uuid(), user.uuid());
        let row = memberships::Entity::find_by_id(key).one(&transaction).await?;
        let Some(row) = row.filter(|row| row.status == Status::In.code()) else {
            return Ok(Err(ProfileError::NotTheirs));
        };
        let profile = profile.map(ProfileId::uuid);
        if row.profile_id == profile {
            return commit_profile(transaction, user, Vec::new(), None).await.map(Ok);
        }
        memberships::Entity::update_many()
            .col_expr(memberships::Column::ProfileId, Expr::value(profile))
            .filter(memberships::Column::RoomId.eq(room.uuid()))
            .filter(memberships::Column::UserId.eq(user.uuid()))
            .exec(&transaction)
            .await?;
        commit_profile(transaction, user, vec![room.uuid()], None).await.map(Ok)
    }

    /// The person as they see themselves. None when there is nobody of this id.
    pub async fn viewer(&self, user: UserId) -> Result<Option<CurrentUser>> {
        Ok(self.summary(user).await?.map(viewer))
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

pub(crate) fn new_profile(
    id: Uuid,
    user: UserId,
    name: &DisplayName,
    at: Millis,
) -> profiles::ActiveModel {
    let NameKeys { hangul_first, latin_first, initials } = NameKeys::of(name.as_str());
    profiles::ActiveModel {
        hangul_first: Set(hangul_first),
        latin_first: Set(latin_first),
        initials: Set(initials),
        id: Set(id),
        user_id: Set(user.uuid()),
        name: Set(name.as_str().to_owned()),
        avatar_id: Set(None),
        created_at: Set(at.0),
    }
}

fn is_theirs(user: UserId, profile: ProfileId) -> Condition {
    Condition::all()
        .add(profiles::Column::Id.eq(profile.uuid()))
        .add(profiles::Column::UserId.eq(user.uuid()))
}

async fn default_of(db: &impl ConnectionTrait, user: UserId) -> Result<Uuid> {
    let row = users::Entity::find_by_id(user.uuid()).one(db).await?;
    Ok(row.ok_or(Error::Corrupt { what: "person" })?.default_profile_id)
}

/// The rooms in which this profile of the person is seen.
async fn seen_in(
    transaction: &DatabaseTransaction,
    user: UserId,
    profile: ProfileId,
) -> Result<Vec<Uuid>> {
    let mut seen = Condition::any().add(memberships::Column::ProfileId.eq(profile.uuid()));
    if default_of(transaction, user).await? == profile.uuid() {
        seen = seen.add(memberships::Column::ProfileId.is_null());
    }
    rooms_where(transaction, user, seen).await
}

async fn rooms_where(
    transaction: &DatabaseTransaction,
    user: UserId,
    room_profile: impl sea_orm::sea_query::IntoCondition,
) -> Result<Vec<Uuid>> {
    let find = memberships::Entity::find().select_only().column(memberships::Column::RoomId);
    let theirs = find.filter(memberships::Column::UserId.eq(user.uuid())).filter(room_profile);
    Ok(theirs.into_tuple().all(transaction).await?)
}

/// Ends a transaction that changed how these rooms see the user.
async fn commit_profile(
    transaction: DatabaseTransaction,
    user: UserId,
    rooms: Vec<Uuid>,
    orphaned: Option<Uuid>,
) -> Result<Committed> {
    let change_sets = record_in_rooms(&transaction, user, rooms).await?;
    let summary = find_summary(&transaction, user).await?.map(viewer);
    transaction.commit().await?;
    Ok(Committed {
        changed_profiles: summary.into_iter().collect(),
        orphaned_avatars: orphaned.map(AvatarId::from_uuid).into_iter().collect(),
        ..Committed::changes(change_sets)
    })
}

fn viewer(summary: UserSummary) -> CurrentUser {
    let UserSummary { user: id, name, avatar } = summary;
    CurrentUser { id, name, avatar }
}

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

impl profiles::Model {
    fn profile(&self, default: Uuid) -> Result<Profile> {
        Ok(Profile {
            id: ProfileId::from_uuid(self.id),
            name: decode(DisplayName::parse(&self.name).ok(), "name")?,
            avatar: self.avatar_id.map(AvatarId::from_uuid),
            is_default: self.id == default,
        })
    }
}
