//! Who is in which room, and what they are there. A change takes a number of the room in its transaction, and most
//! changes record an event.

use crate::{
    Committed, Result, Store,
    account::is_here,
    entities::{memberships, rooms, users},
    feed::{RoomChange, RoomFeed},
    invitations::{forget_invitation, is_invited},
    sql::{decode, exists, query},
};
use domain::{
    clock::Millis,
    events::EventKind,
    ids::{AvatarId, RoomId, UserId},
    memberships::{Membership, Role},
    policy::MembershipStatus,
    rooms::RoomKind,
    users::DisplayName,
    wire::ChangeSet,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, PaginatorTrait, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

/// What a user is to a room, and what kind of room it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomAccess {
    pub status: MembershipStatus,
    pub kind: RoomKind,
}

/// What is done about a user's membership, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MembershipChange {
    pub room: RoomId,
    pub user: UserId,
    pub actor: UserId,
    /// What the user is to the room from now on.
    pub new_status: MembershipStatus,
    pub at: Millis,
}

/// What became of a member's wish to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaveOutcome {
    Left(Committed),
    /// They were the last member: the room is closed.
    Closed(Committed),
    /// Other members are left, and no owner would be.
    LastOwner,
}

/// What became of an owner's wish to make another member the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made once for a request, and taken apart at once")]
pub enum TransferOutcome {
    Done(Committed),
    /// The one is no owner, or the other no member.
    NotMember,
    /// The other is suspended: no owner would be left who can sign in.
    Suspended,
}

impl Store {
    /// What the user is to the room. None when there is no such room.
    pub async fn room_access(&self, room: RoomId, user: UserId) -> Result<Option<RoomAccess>> {
        find_access(&self.read, room, user).await
    }

    /// Changes what a user is to a room. It has no change set when there is no such room, or they are that already.
    pub async fn change_membership(&self, change: MembershipChange) -> Result<Committed> {
        let MembershipChange { room, user, new_status, .. } = change;
        let transaction = self.begin_write().await?;
        let Some(mut feed) = RoomFeed::open(&transaction, room).await? else {
            return Ok(Committed { closed_rooms: vec![room], ..Committed::default() });
        };
        self.quotas.allow_change(&transaction, change).await?;
        let before = status(&transaction, room, user).await?;
        let is_so = before == new_status || apply_change(&transaction, &mut feed, change).await?;
        let change_sets = feed.finish().await?;
        transaction.commit().await?;
        let mut committed = Committed::changes(change_sets);
        match new_status {
            // An account that has been deleted meanwhile joins nothing.
            MembershipStatus::Member(_) if is_so => committed.joined.push((room, user)),
            _ => committed.left.push((room, user)),
        }
        Ok(committed)
    }

    /// Ends a member's membership, and closes the room behind the last one. None when there is no such room.
    pub async fn leave_room(
        &self,
        room: RoomId,
        user: UserId,
        at: Millis,
    ) -> Result<Option<LeaveOutcome>> {
        let transaction = self.begin_write().await?;
        let Some(mut feed) = RoomFeed::open(&transaction, room).await? else { return Ok(None) };
        let others = memberships::Entity::find()
            .filter(memberships::Column::RoomId.eq(room.uuid()))
            .filter(memberships::Column::UserId.ne(user.uuid()))
            .filter(memberships::Column::Status.eq(Status::In.code()));
        if others.count(&transaction).await? == 0 {
            feed.record_room(RoomChange::Closed(at)).await?;
            feed.finish().await?;
            transaction.commit().await?;
            let closed_rooms = vec![room];
            return Ok(Some(LeaveOutcome::Closed(Committed {
                closed_rooms,
                ..Committed::default()
            })));
        }
        if status(&transaction, room, user).await? == MembershipStatus::Member(Role::Owner)
            && !has_acting_owner(&transaction, room, user).await?
        {
            return Ok(Some(LeaveOutcome::LastOwner));
        }
        let new_status = MembershipStatus::Left;
        let change = MembershipChange { room, user, actor: user, new_status, at };
        apply_change(&transaction, &mut feed, change).await?;
        let change_sets = feed.finish().await?;
        transaction.commit().await?;
        let left = vec![(room, user)];
        Ok(Some(LeaveOutcome::Left(Committed { left, ..Committed::changes(change_sets) })))
    }

    /// Makes a member an owner in the place of another, who moderates from then on.
    pub async fn transfer_ownership(
        &self,
        room: RoomId,
        from: UserId,
        to: UserId,
        at: Millis,
    ) -> Result<TransferOutcome> {
        let transaction = self.begin_write().await?;
        let Some(mut feed) = RoomFeed::open(&transaction, room).await? else {
            return Ok(TransferOutcome::NotMember);
        };
        let owner = status(&transaction, room, from).await?;
        let successor = status(&transaction, room, to).await?;
        if owner != MembershipStatus::Member(Role::Owner)
            || !matches!(successor, MembershipStatus::Member(_))
        {
            return Ok(TransferOutcome::NotMember);
        }
        let suspended = users::Entity::find_by_id(to.uuid());
        let suspended = suspended.filter(users::Column::SuspendedAt.is_not_null());
        if suspended.one(&transaction).await?.is_some() {
            return Ok(TransferOutcome::Suspended);
        }
        if successor != owner {
            self.quotas.allow_owner(&transaction, to).await?;
        }
        let becomes =
            |user, new_status| MembershipChange { room, user, actor: from, new_status, at };
        let stays = becomes(from, MembershipStatus::Member(Role::Moderator));
        feed.record_membership(stays, owner).await?;
        feed.record_membership(becomes(to, owner), successor).await?;
        feed.record_event(at, EventKind::OwnershipTransferred, from, to).await?;
        let change_sets = feed.finish().await?;
        transaction.commit().await?;
        Ok(TransferOutcome::Done(Committed::changes(change_sets)))
    }

    /// Everybody who is in, owners first, then as they came.
    pub async fn members_of(&self, room: RoomId) -> Result<Vec<Membership>> {
        self.memberships(room, Status::In).await
    }

    /// Everybody who may not come in.
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

/// Opens a room and changes what a user is to it. None when there is no such room, or nothing changes.
pub(crate) async fn apply_membership_change(
    transaction: &DatabaseTransaction,
    change: MembershipChange,
) -> Result<Option<Vec<ChangeSet>>> {
    let Some(mut feed) = RoomFeed::open(transaction, change.room).await? else { return Ok(None) };
    if !apply_change(transaction, &mut feed, change).await? {
        return Ok(None);
    }
    feed.finish().await.map(Some)
}

/// Changes what a user is to an open room: members and banned users are no longer invited. False when they are that
/// already, or would join and have no account any more.
pub(crate) async fn apply_change(
    transaction: &DatabaseTransaction,
    feed: &mut RoomFeed<'_>,
    change: MembershipChange,
) -> Result<bool> {
    let MembershipChange { room, user, actor, new_status, at } = change;
    let before = status(transaction, room, user).await?;
    if before == new_status {
        return Ok(false);
    }
    let joins = matches!(new_status, MembershipStatus::Member(_));
    if joins && users::Entity::find().filter(is_here(user)).one(transaction).await?.is_none() {
        return Ok(false);
    }
    feed.record_membership(change, before).await?;
    if joins || new_status == MembershipStatus::Banned {
        forget_invitation(transaction, room, user).await?;
    }
    if let Some(kind) = event_for(before, new_status) {
        feed.record_event(at, kind, actor, user).await?;
    }
    Ok(true)
}

/// What the user is to the room, an invitation that they have not answered included.
pub(crate) async fn find_access(
    db: &impl ConnectionTrait,
    room: RoomId,
    user: UserId,
) -> Result<Option<RoomAccess>> {
    let Some(row) = open_room(db, room).await? else { return Ok(None) };
    let mut status = status(db, room, user).await?;
    let may_be_invited = !matches!(status, MembershipStatus::Member(_) | MembershipStatus::Banned);
    if may_be_invited && is_invited(db, room, user).await? {
        status = MembershipStatus::Invited;
    }
    Ok(Some(RoomAccess { status, kind: row.room_kind()? }))
}

/// Whether the room has another owner, who can sign in.
async fn has_acting_owner(
    transaction: &DatabaseTransaction,
    room: RoomId,
    besides: UserId,
) -> Result<bool> {
    exists(transaction, OTHER_OWNER, [room.uuid().into(), besides.uuid().into()]).await
}

const OTHER_OWNER: &str = "
    SELECT 1 FROM memberships ms JOIN users p ON p.id = ms.user_id AND p.suspended_at IS NULL
    WHERE ms.room_id = $1 AND ms.user_id <> $2 AND ms.status = 'in' AND ms.role = 'owner'";

/// The row of a room that has not been closed.
pub(crate) async fn open_room(
    db: &impl ConnectionTrait,
    room: RoomId,
) -> Result<Option<rooms::Model>> {
    let find = rooms::Entity::find_by_id(room.uuid()).filter(rooms::Column::ClosedAt.is_null());
    Ok(find.one(db).await?)
}

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

/// The event that a change records, if it records one.
const fn event_for(before: MembershipStatus, new_status: MembershipStatus) -> Option<EventKind> {
    match (before, new_status) {
        (MembershipStatus::Member(_), MembershipStatus::Member(_)) => None,
        (_, MembershipStatus::Member(_)) => Some(EventKind::Joined),
        (MembershipStatus::Member(_), MembershipStatus::Left) => Some(EventKind::Left),
        (MembershipStatus::Member(_), MembershipStatus::Removed) => Some(EventKind::Removed),
        (_, MembershipStatus::Banned) => Some(EventKind::Banned),
        _ => None,
    }
}

/// What the database calls it.
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

/// Whoever is not in has no role; the column has the least of them.
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
            _ => return Err(crate::Error::Corrupt { what: "membership" }),
        })
    }
}

/// Somebody's place in a room from now on.
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
