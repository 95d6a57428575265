//! Deleting an account: messages stay, without a name; everything else of the user goes. All of
//! it is one transaction, in which each of their rooms takes its numbers.

use crate::{
    Committed, Result, Store,
    account::{active_user, end_sessions},
    admin::administrators,
    entities::{memberships, profiles, rooms, users},
    feed::{RoomChange, RoomFeed},
    memberships::{MembershipChange, Status, apply_change, status},
    profile_updates::record_profile,
    sql::{execute, query_value},
    two_factor::delete_two_factor,
};
use domain::{
    admin::InstanceRole,
    clock::Millis,
    events::EventKind,
    ids::{AvatarId, RoomId, UserId},
    memberships::Role,
    policy::MembershipStatus,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

/// What became of a user's wish to delete their account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made once for a request, and taken apart at once")]
pub enum DeletionOutcome {
    Done(Committed),
    /// There is no such user, or the account was deleted before.
    NoSuchUser,
    /// The password is no longer the one that was checked.
    PasswordChanged,
    /// No administrator would be left, but other users.
    LastAdministrator,
}

impl Store {
    pub async fn delete_user(
        &self,
        user: UserId,
        at: Millis,
        checked_hash: &str,
    ) -> Result<DeletionOutcome> {
        let transaction = self.begin_write().await?;
        let find = users::Entity::find().filter(active_user(user));
        let Some(row) = find.one(&transaction).await? else {
            return Ok(DeletionOutcome::NoSuchUser);
        };
        if row.password_hash != checked_hash {
            return Ok(DeletionOutcome::PasswordChanged);
        }
        let orphaned_avatars = anonymize(&transaction, user, at).await?;
        let others = users::Entity::find().filter(users::Column::DeletedAt.is_null());
        if administrators(&transaction).await? == 0 && others.one(&transaction).await?.is_some() {
            return Ok(DeletionOutcome::LastAdministrator);
        }
        delete_traces(&transaction, user).await?;
        let ended_sessions = end_sessions(&transaction, user, None).await?;
        delete_two_factor(&transaction, user).await?;
        let signed_out = vec![user];
        let mut committed =
            Committed { ended_sessions, signed_out, orphaned_avatars, ..Committed::default() };
        for (room, status) in rooms_of(&transaction, user).await? {
            if status == Status::In.code() {
                leave_room(&transaction, user, room, at, &mut committed).await?;
            } else {
                // They left it before, but their old messages have had a name.
                let sets = record_profile(&transaction, user, room).await?;
                committed.change_sets.extend(sets);
            }
        }
        transaction.commit().await?;
        self.leftovers.are_in_the_log();
        Ok(DeletionOutcome::Done(committed))
    }
}

/// Leaves of the user what others refer to: one profile without a name, under an id that no request on
/// its way can know. Their address is free again: what stands in its place is none. Answers the avatars.
async fn anonymize(
    transaction: &DatabaseTransaction,
    user: UserId,
    at: Millis,
) -> Result<Vec<AvatarId>> {
    let theirs = profiles::Column::UserId.eq(user.uuid());
    let avatars = profiles::Entity::find()
        .select_only()
        .column(profiles::Column::AvatarId)
        .filter(theirs.clone())
        .filter(profiles::Column::AvatarId.is_not_null())
        .into_tuple::<Uuid>()
        .all(transaction)
        .await?;
    let empty = Uuid::now_v7();
    let row = profiles::ActiveModel {
        id: Set(empty),
        user_id: Set(user.uuid()),
        name: Set(String::new()),
        avatar_id: Set(None),
        created_at: Set(at.0),
        ..profiles::ActiveModel::default()
    };
    profiles::Entity::insert(row).exec_without_returning(transaction).await?;
    users::Entity::update_many()
        .col_expr(users::Column::Email, Expr::value(user.to_string()))
        .col_expr(users::Column::AddressKey, Expr::value(None::<String>))
        .col_expr(users::Column::PasswordHash, Expr::value(""))
        .col_expr(users::Column::DefaultProfileId, Expr::value(empty))
        .col_expr(users::Column::Language, Expr::value(None::<String>))
        .col_expr(users::Column::Theme, Expr::value(None::<String>))
        .col_expr(users::Column::DeletedAt, Expr::value(at.0))
        .col_expr(users::Column::Role, Expr::value(InstanceRole::Member.code()))
        .filter(users::Column::Id.eq(user.uuid()))
        .exec(transaction)
        .await?;
    memberships::Entity::update_many()
        .col_expr(memberships::Column::ProfileId, Expr::value(None::<Uuid>))
        .filter(memberships::Column::UserId.eq(user.uuid()))
        .exec(transaction)
        .await?;
    let others = profiles::Entity::delete_many().filter(theirs);
    others.filter(profiles::Column::Id.ne(empty)).exec(transaction).await?;
    Ok(avatars.into_iter().map(AvatarId::from_uuid).collect())
}

/// Deletes the invitations by the user and to them, their links, their password reset, their notices, and what their
/// forms have made.
async fn delete_traces(transaction: &DatabaseTransaction, user: UserId) -> Result<()> {
    for sql in [
        "DELETE FROM invitations WHERE invited_by = $1 OR user_id = $1",
        "DELETE FROM invitation_links WHERE created_by = $1",
        "DELETE FROM password_resets WHERE user_id = $1",
        "DELETE FROM notices WHERE user_id = $1",
        "DELETE FROM form_submissions WHERE user_id = $1",
        "DELETE FROM profile_updates WHERE user_id = $1",
    ] {
        execute(transaction, sql, [user.uuid().into()]).await?;
    }
    Ok(())
}

/// The rooms that the user is or was in and that have not been closed, with what they are there.
async fn rooms_of(
    transaction: &DatabaseTransaction,
    user: UserId,
) -> Result<Vec<(RoomId, String)>> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::UserId.eq(user.uuid()))
        .all(transaction)
        .await?;
    let open = rooms::Entity::find()
        .select_only()
        .column(rooms::Column::Id)
        .filter(rooms::Column::Id.is_in(rows.iter().map(|row| row.room_id)))
        .filter(rooms::Column::ClosedAt.is_null())
        .into_tuple::<Uuid>()
        .all(transaction)
        .await?;
    let open = rows.into_iter().filter(|row| open.contains(&row.room_id));
    Ok(open.map(|row| (RoomId::from_uuid(row.room_id), row.status)).collect())
}

/// Ends the user's membership of a room. When they are its only owner, the successor becomes one; when they are its
/// last member, it is closed.
async fn leave_room(
    transaction: &DatabaseTransaction,
    user: UserId,
    room: RoomId,
    at: Millis,
    committed: &mut Committed,
) -> Result<()> {
    committed.left.push((room, user));
    let Some(mut feed) = RoomFeed::open(transaction, room).await? else { return Ok(()) };
    let Some((successor, has_owner)) = successor(transaction, room, user).await? else {
        feed.record_room(RoomChange::Closed(at)).await?;
        feed.finish().await?;
        committed.closed_rooms.push(room);
        return Ok(());
    };
    let owns = status(transaction, room, user).await? == MembershipStatus::Member(Role::Owner);
    let becomes = |user, actor, new_status| MembershipChange { room, user, actor, new_status, at };
    if owns && !has_owner {
        let before = status(transaction, room, successor).await?;
        let owner = becomes(successor, user, MembershipStatus::Member(Role::Owner));
        feed.record_membership(owner, before).await?;
        feed.record_event(at, EventKind::OwnershipTransferred, user, successor).await?;
    }
    apply_change(transaction, &mut feed, becomes(user, user, MembershipStatus::Left)).await?;
    committed.change_sets.extend(feed.finish().await?);
    Ok(())
}

/// Who else in the room comes first: owners, then moderators, then as they came, and whether they own it
/// already. The suspended come last: one of them has the room only when there are no others, so that it has an
/// owner again once the suspension is lifted. None when no one else is in.
async fn successor(
    transaction: &DatabaseTransaction,
    room: RoomId,
    user: UserId,
) -> Result<Option<(UserId, bool)>> {
    let values = [room.uuid().into(), user.uuid().into()];
    let row: Option<(Uuid, String)> = query_value(transaction, SUCCESSOR, values).await?;
    Ok(row.map(|(successor, role)| (UserId::from_uuid(successor), role == Role::Owner.code())))
}

const SUCCESSOR: &str = "
    SELECT ms.user_id, ms.role FROM memberships ms JOIN users p ON p.id = ms.user_id
    WHERE ms.room_id = $1 AND ms.user_id <> $2 AND ms.status = 'in'
    ORDER BY p.suspended_at IS NOT NULL,
        CASE ms.role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END, ms.joined_at, ms.user_id
    LIMIT 1";
