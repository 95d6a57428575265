//! Profiles. A change takes a number in every room that sees it, which `profile_updates` sees to.

use crate::{
    Committed, Error, Result, Store,
    entities::{memberships, profiles, users},
    profile_updates::record_in_rooms,
    sql::decode,
    submissions::{Submission, find_submitted, record},
    users::find_summary,
};
use domain::{
    clock::Millis,
    ids::{AvatarId, ProfileId, UserId},
    name_keys::NameKeys,
    profiles::{MAX_PROFILES, Profile},
    users::{CurrentUser, DisplayName, UserSummary},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// How changing a profile ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileOutcome<T = Committed> {
    Done(T),
    /// The user has no such profile, or is not in the room.
    NotTheirs,
    /// The default cannot be deleted.
    IsDefault,
    TooMany,
}

impl Store {
    /// The user's profiles, the default first, then the oldest.
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

    /// Adds a profile. The same form sent again is answered with the profile that it has made.
    pub async fn add_profile(
        &self,
        user: UserId,
        name: &DisplayName,
        at: Millis,
        submission: Option<Submission>,
    ) -> Result<ProfileOutcome<ProfileId>> {
        let transaction = self.begin_write().await?;
        if let Some(made) = find_submitted(&transaction, submission).await? {
            return Ok(ProfileOutcome::Done(ProfileId::from_uuid(made)));
        }
        let of_user = profiles::Column::UserId.eq(user.uuid());
        let has = profiles::Entity::find().filter(of_user).count(&transaction).await?;
        if has >= MAX_PROFILES.into() {
            return Ok(ProfileOutcome::TooMany);
        }
        let id = Uuid::now_v7();
        let row = new_profile(id, user, name, at);
        profiles::Entity::insert(row).exec_without_returning(&transaction).await?;
        record(&transaction, submission, id, at).await?;
        transaction.commit().await?;
        Ok(ProfileOutcome::Done(ProfileId::from_uuid(id)))
    }

    pub async fn rename_profile(
        &self,
        user: UserId,
        profile: ProfileId,
        name: &DisplayName,
    ) -> Result<ProfileOutcome> {
        let transaction = self.begin_write().await?;
        let keys = NameKeys::of(name.as_str());
        let change = profiles::Entity::update_many()
            .col_expr(profiles::Column::Name, Expr::value(name.as_str()))
            .col_expr(profiles::Column::HangulFirst, Expr::value(keys.hangul_first))
            .col_expr(profiles::Column::LatinFirst, Expr::value(keys.latin_first))
            .col_expr(profiles::Column::Initials, Expr::value(keys.initials));
        if change.filter(is_theirs(user, profile)).exec(&transaction).await?.rows_affected == 0 {
            return Ok(ProfileOutcome::NotTheirs);
        }
        let rooms = seen_in(&transaction, user, profile).await?;
        commit_profile(transaction, user, rooms, None).await.map(ProfileOutcome::Done)
    }

    /// Sets or clears the profile's avatar.
    pub async fn set_profile_avatar(
        &self,
        user: UserId,
        profile: ProfileId,
        avatar: Option<AvatarId>,
    ) -> Result<ProfileOutcome> {
        let transaction = self.begin_write().await?;
        let theirs = is_theirs(user, profile);
        let find = profiles::Entity::find().filter(theirs.clone());
        let Some(row) = find.one(&transaction).await? else {
            return Ok(ProfileOutcome::NotTheirs);
        };
        let pictured = Expr::value(avatar.map(AvatarId::uuid));
        let change = profiles::Entity::update_many().col_expr(profiles::Column::AvatarId, pictured);
        change.filter(theirs).exec(&transaction).await?;
        let rooms = seen_in(&transaction, user, profile).await?;
        commit_profile(transaction, user, rooms, row.avatar_id).await.map(ProfileOutcome::Done)
    }

    /// This profile is seen from now on where no other was chosen.
    pub async fn set_default_profile(
        &self,
        user: UserId,
        profile: ProfileId,
    ) -> Result<ProfileOutcome> {
        let transaction = self.begin_write().await?;
        let find = profiles::Entity::find().filter(is_theirs(user, profile));
        if find.one(&transaction).await?.is_none() {
            return Ok(ProfileOutcome::NotTheirs);
        }
        if default_of(&transaction, user).await? == profile.uuid() {
            return commit_profile(transaction, user, Vec::new(), None)
                .await
                .map(ProfileOutcome::Done);
        }
        users::Entity::update_many()
            .col_expr(users::Column::DefaultProfileId, Expr::value(profile.uuid()))
            .filter(users::Column::Id.eq(user.uuid()))
            .exec(&transaction)
            .await?;
        let unassigned = memberships::Column::ProfileId.is_null();
        let rooms = rooms_where(&transaction, user, unassigned).await?;
        commit_profile(transaction, user, rooms, None).await.map(ProfileOutcome::Done)
    }

    /// Deletes a profile; the rooms that saw it see the default.
    pub async fn delete_profile(&self, user: UserId, profile: ProfileId) -> Result<ProfileOutcome> {
        let transaction = self.begin_write().await?;
        let theirs = is_theirs(user, profile);
        let find = profiles::Entity::find().filter(theirs.clone());
        let Some(row) = find.one(&transaction).await? else {
            return Ok(ProfileOutcome::NotTheirs);
        };
        if default_of(&transaction, user).await? == row.id {
            return Ok(ProfileOutcome::IsDefault);
        }
        let room_profile = memberships::Column::ProfileId.eq(row.id);
        let rooms = rooms_where(&transaction, user, room_profile.clone()).await?;
        memberships::Entity::update_many()
            .col_expr(memberships::Column::ProfileId, Expr::value(None::<Uuid>))
            .filter(room_profile)
            .exec(&transaction)
            .await?;
        profiles::Entity::delete_many().filter(theirs).exec(&transaction).await?;
        commit_profile(transaction, user, rooms, row.avatar_id).await.map(ProfileOutcome::Done)
    }

    /// The user as they see themselves. None when there is no such account.
    pub async fn viewer(&self, user: UserId) -> Result<Option<CurrentUser>> {
        Ok(self.summary(user).await?.map(viewer))
    }
}

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

pub(crate) fn is_theirs(user: UserId, profile: ProfileId) -> Condition {
    Condition::all()
        .add(profiles::Column::Id.eq(profile.uuid()))
        .add(profiles::Column::UserId.eq(user.uuid()))
}

async fn default_of(db: &impl ConnectionTrait, user: UserId) -> Result<Uuid> {
    let row = users::Entity::find_by_id(user.uuid()).one(db).await?;
    Ok(row.ok_or(Error::Corrupt { what: "person" })?.default_profile_id)
}

/// The rooms in which this profile of the user is seen.
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
pub(crate) async fn commit_profile(
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
