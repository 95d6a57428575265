//! Memberships: joining, leaving, moderation. A change takes a number of the room in its transaction, and most
//! changes record an event.

mod access;
mod list;
mod row;

pub use access::RoomAccess;
pub(crate) use access::find_access;
#[cfg(test)]
pub(crate) use list::MEMBERSHIPS;
pub(crate) use row::{Status, membership, status, upsert};

use crate::{
    Committed, Result, Store,
    account::active_user,
    entities::{memberships, users},
    feed::{RoomChange, RoomFeed},
    invitations::delete_invitation,
    sql::exists,
};
use domain::{
    clock::Millis,
    events::EventKind,
    ids::{RoomId, UserId},
    memberships::Role,
    policy::MembershipStatus,
    wire::ChangeSet,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};

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
    if joins && users::Entity::find().filter(active_user(user)).one(transaction).await?.is_none() {
        return Ok(false);
    }
    feed.record_membership(change, before).await?;
    if joins || new_status == MembershipStatus::Banned {
        delete_invitation(transaction, room, user).await?;
    }
    if let Some(kind) = event_for(before, new_status) {
        feed.record_event(at, kind, actor, user).await?;
    }
    Ok(true)
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
