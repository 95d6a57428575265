//! Users and what a sign-in is checked against.

use crate::{
    Error, Result, SetupProof, SignUpOutcome, Store,
    entities::{profiles, users},
    is_unique_violation,
    profiles::new_profile,
    sql::{decode, query_one, query_value, query_values},
};
use domain::{
    admin::InstanceRole,
    clock::Millis,
    ids::{AvatarId, RoomId, UserId},
    rooms::RoomTitle,
    users::{DisplayName, Email, TypedEmail, UserSummary},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, QueryFilter,
};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewUser {
    pub email: Email,
    pub name: DisplayName,
    pub password_hash: String,
    pub at: Millis,
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: UserId,
    pub password_hash: String,
    pub suspended: bool,
}

impl Store {
    /// [`Self::make_account`] for a caller at the machine itself. None when another account has the address already.
    pub async fn add_user(&self, new: NewUser) -> Result<Option<UserId>> {
        match self.make_account(new, SetupProof::AtTheMachine).await? {
            SignUpOutcome::Made(user) => Ok(Some(user)),
            _ => Ok(None),
        }
    }

    /// Of the account that has the address.
    pub async fn credentials(&self, address: impl Into<TypedEmail>) -> Result<Option<Credentials>> {
        let Some(user) = self.find_by_email(&address.into()).await? else { return Ok(None) };
        let row = users::Entity::find_by_id(user.uuid()).one(&self.read).await?;
        Ok(row.map(|row| Credentials {
            user: UserId::from_uuid(row.id),
            password_hash: row.password_hash,
            suspended: row.suspended_at.is_some(),
        }))
    }

    /// Who has the address: an account that shares it with an older one by its own spelling, else the one that has
    /// it, however it is written.
    pub async fn find_by_email(&self, address: &TypedEmail) -> Result<Option<UserId>> {
        let key = address.email().map(Email::as_str);
        let values = [key.into(), address.spelled().into()];
        let id = query_value(&self.read, BY_EMAIL, values).await?;
        Ok(id.map(UserId::from_uuid))
    }

    /// The user as all users see them. None when there is no such account, or it has been deleted.
    pub async fn summary(&self, user: UserId) -> Result<Option<UserSummary>> {
        find_summary(&self.read, user).await
    }

    /// The rooms with a title that both are in, by their titles.
    pub async fn rooms_in_common(
        &self,
        one: UserId,
        other: UserId,
    ) -> Result<Vec<(RoomId, RoomTitle)>> {
        let values = [one.uuid().into(), other.uuid().into()];
        let rows: Vec<(Uuid, String)> = query_values(&self.read, IN_COMMON, values).await?;
        let room = |(id, title): (Uuid, String)| {
            Ok((RoomId::from_uuid(id), decode(RoomTitle::parse(&title).ok(), "title")?))
        };
        rows.into_iter().map(room).collect()
    }
}

/// Whether there is an account that has not been deleted.
pub(crate) async fn has_users(transaction: &DatabaseTransaction) -> Result<bool> {
    let here = users::Entity::find().filter(users::Column::DeletedAt.is_null());
    Ok(here.one(transaction).await?.is_some())
}

/// Stores a user with one profile; the first one is an administrator. None when another account has the address
/// already; then the caller rolls back.
pub(crate) async fn insert_user(
    transaction: &DatabaseTransaction,
    new: NewUser,
) -> Result<Option<UserId>> {
    let (id, profile) = (Uuid::now_v7(), Uuid::now_v7());
    let is_first = !has_users(transaction).await?;
    let role = if is_first { InstanceRole::Administrator } else { InstanceRole::Member };
    let user = UserId::from_uuid(id);
    let shown = new_profile(profile, user, &new.name, new.at);
    let row = users::ActiveModel {
        id: Set(id),
        email: Set(new.email.as_str().to_owned()),
        address_key: Set(Some(new.email.as_str().to_owned())),
        default_profile_id: Set(profile),
        password_hash: Set(new.password_hash),
        created_at: Set(new.at.0),
        role: Set(role.code().to_owned()),
        ..users::ActiveModel::default()
    };
    match users::Entity::insert(row).exec_without_returning(transaction).await {
        Ok(_) => {}
        Err(error) if is_unique_violation(&error) => return Ok(None),
        Err(error) => return Err(Error::Database(error)),
    }
    profiles::Entity::insert(shown).exec_without_returning(transaction).await?;
    Ok(Some(user))
}

const BY_EMAIL: &str = "SELECT id FROM users
    WHERE deleted_at IS NULL AND (address_key = $1 OR (email = $2 AND address_key IS NULL))
    ORDER BY address_key IS NOT NULL LIMIT 1";

const USER_SUMMARIES: &str = "SELECT p.id, f.name, f.avatar_id
    FROM users p JOIN profiles f ON f.id = p.default_profile_id
    WHERE p.deleted_at IS NULL";

const IN_COMMON: &str = "SELECT r.id, r.title
    FROM memberships mine
    JOIN memberships theirs
        ON theirs.room_id = mine.room_id AND theirs.user_id = $2 AND theirs.status = 'in'
    JOIN rooms r ON r.id = mine.room_id AND r.kind <> 'direct' AND r.closed_at IS NULL
    WHERE mine.user_id = $1 AND mine.status = 'in'
    ORDER BY r.title, r.id";

pub(crate) async fn find_summary(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Result<Option<UserSummary>> {
    let sql = format!("{USER_SUMMARIES} AND p.id = $1");
    let row = query_one::<UserSummaryRow>(db, sql, [user.uuid().into()]).await?;
    row.map(UserSummaryRow::summary).transpose()
}

#[derive(Debug, FromQueryResult)]
pub(crate) struct UserSummaryRow {
    id: Uuid,
    name: String,
    avatar_id: Option<Uuid>,
}

impl UserSummaryRow {
    pub(crate) fn summary(self) -> Result<UserSummary> {
        Ok(UserSummary {
            user: UserId::from_uuid(self.id),
            name: decode(DisplayName::parse(&self.name).ok(), "name")?,
            avatar: self.avatar_id.map(AvatarId::from_uuid),
        })
    }
}
