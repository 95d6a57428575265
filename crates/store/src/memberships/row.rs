//! The row of a membership, and what it says of the user.

use super::MembershipChange;
use crate::{Error, Result, entities::memberships, sql::decode};
use domain::{
    clock::Millis,
    ids::{RoomId, UserId},
    memberships::Role,
    policy::MembershipStatus,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

/// What the user is to the room, invitations aside.
pub(crate) async fn status(
    db: &impl ConnectionTrait,
    room: RoomId,
    user: UserId,
) -> Result<MembershipStatus> {
    let key = (room.uuid(), user.uuid());
    let row = memberships::Entity::find_by_id(key).one(db).await?;
    row.map_or(Ok(MembershipStatus::NonMember), |row| row.status())
}

/// Stores what the user is from now on, at a number of the room. Who joins has read what was there.
pub(crate) async fn upsert(
    transaction: &DatabaseTransaction,
    change: MembershipChange,
    before: MembershipStatus,
    rev: i64,
) -> Result<()> {
    let MembershipChange { room, user, new_status, at, .. } = change;
    let (status, role) = columns(new_status);
    if before == MembershipStatus::NonMember {
        let row = memberships::ActiveModel {
            status: Set(status.code().to_owned()),
            ..membership(room.uuid(), user, role, rev, at)
        };
        memberships::Entity::insert(row).exec_without_returning(transaction).await?;
        return Ok(());
    }
    let mut update = memberships::Entity::update_many()
        .col_expr(memberships::Column::Status, Expr::value(status.code()))
        .col_expr(memberships::Column::Role, Expr::value(role.code()))
        .col_expr(memberships::Column::Rev, Expr::value(rev));
    if status == Status::In && !matches!(before, MembershipStatus::Member(_)) {
        update = update
            .col_expr(memberships::Column::JoinedAt, Expr::value(at.0))
            .col_expr(memberships::Column::LastReadSeq, Expr::value(rev));
    }
    update
        .filter(memberships::Column::RoomId.eq(room.uuid()))
        .filter(memberships::Column::UserId.eq(user.uuid()))
        .exec(transaction)
        .await?;
    Ok(())
}

/// The stored codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    In,
    Left,
    Removed,
    Banned,
}

impl Status {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Left => "left",
            Self::Removed => "removed",
            Self::Banned => "banned",
        }
    }
}

/// The two columns of a status: a user who is no member has the least role.
const fn columns(status: MembershipStatus) -> (Status, Role) {
    match status {
        MembershipStatus::Member(role) => (Status::In, role),
        MembershipStatus::Left | MembershipStatus::NonMember | MembershipStatus::Invited => {
            (Status::Left, Role::Member)
        }
        MembershipStatus::Removed => (Status::Removed, Role::Member),
        MembershipStatus::Banned => (Status::Banned, Role::Member),
    }
}

impl memberships::Model {
    fn status(&self) -> Result<MembershipStatus> {
        Ok(match self.status.as_str() {
            "in" => MembershipStatus::Member(decode(Role::from_code(&self.role), "role")?),
            "left" => MembershipStatus::Left,
            "removed" => MembershipStatus::Removed,
            "banned" => MembershipStatus::Banned,
            _ => return Err(Error::Corrupt { what: "membership" }),
        })
    }
}

/// The row of a new member.
pub(crate) fn membership(
    room: Uuid,
    user: UserId,
    role: Role,
    rev: i64,
    at: Millis,
) -> memberships::ActiveModel {
    memberships::ActiveModel {
        room_id: Set(room),
        user_id: Set(user.uuid()),
        rev: Set(rev),
        joined_at: Set(at.0),
        last_read_seq: Set(rev),
        profile_id: Set(None),
        role: Set(role.code().to_owned()),
        status: Set(Status::In.code().to_owned()),
    }
}
