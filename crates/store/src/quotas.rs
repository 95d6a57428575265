//! How many there may be of what users make and join. Each is counted inside the transaction that adds one
//! more: two at once cannot both be the last.

use crate::{
    Error, Result,
    memberships::{MembershipChange, status},
    sql,
};
use domain::{
    clock::Millis,
    ids::{RoomId, UserId},
    memberships::Role,
    policy::MembershipStatus,
    quotas::Quota,
};
use sea_orm::{DatabaseTransaction, Value};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// The most that there may be of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    pub rooms_made_a_day: u32,
    pub rooms_owned: u32,
    pub rooms_joined: u32,
    pub direct_rooms: u32,
    pub members: u32,
    pub invitations: u32,
    pub links: u32,
}

impl Quotas {
    /// What an instance holds its users to.
    pub const STANDARD: Self = Self {
        rooms_made_a_day: 100,
        rooms_owned: 200,
        rooms_joined: 1_000,
        direct_rooms: 2_000,
        members: 5_000,
        invitations: 500,
        links: 50,
    };

    /// No limits: for tests and measurements that fill an instance within minutes.
    pub const NONE: Self = Self {
        rooms_made_a_day: u32::MAX,
        rooms_owned: u32::MAX,
        rooms_joined: u32::MAX,
        direct_rooms: u32::MAX,
        members: u32::MAX,
        invitations: u32::MAX,
        links: u32::MAX,
    };

    const fn most(&self, quota: Quota) -> u32 {
        match quota {
            Quota::RoomsMadeADay => self.rooms_made_a_day,
            Quota::RoomsOwned => self.rooms_owned,
            Quota::RoomsJoined => self.rooms_joined,
            Quota::DirectRooms => self.direct_rooms,
            Quota::Members => self.members,
            Quota::Invitations => self.invitations,
            Quota::Links => self.links,
        }
    }

    /// Whether this user may make one more room with a title, which they own and are in.
    pub(crate) async fn allow_room(
        &self,
        transaction: &DatabaseTransaction,
        by: UserId,
        at: Millis,
    ) -> Result<()> {
        self.allow_new_room(transaction, by, at).await?;
        self.allow_owner(transaction, by).await?;
        self.has_place(transaction, Quota::RoomsJoined, 1, JOINED, [by.uuid().into()]).await
    }

    /// Whether this user may open one more one-to-one room.
    pub(crate) async fn allow_direct_room(
        &self,
        transaction: &DatabaseTransaction,
        by: UserId,
        at: Millis,
    ) -> Result<()> {
        self.allow_new_room(transaction, by, at).await?;
        self.has_place(transaction, Quota::DirectRooms, 1, DIRECT, [by.uuid().into()]).await
    }

    async fn allow_new_room(
        &self,
        transaction: &DatabaseTransaction,
        by: UserId,
        at: Millis,
    ) -> Result<()> {
        let day = [by.uuid().into(), at.0.saturating_sub(DAY_MILLIS).into()];
        self.has_place(transaction, Quota::RoomsMadeADay, 1, MADE_SINCE, day).await
    }

    /// Whether this user may own one more room.
    pub(crate) async fn allow_owner(
        &self,
        transaction: &DatabaseTransaction,
        owner: UserId,
    ) -> Result<()> {
        self.has_place(transaction, Quota::RoomsOwned, 1, OWNED, [owner.uuid().into()]).await
    }

    /// Whether a membership may become what it is to become: members may change, newcomers need a place.
    pub(crate) async fn allow_change(
        &self,
        transaction: &DatabaseTransaction,
        change: MembershipChange,
    ) -> Result<()> {
        let MembershipStatus::Member(role) = change.new_status else { return Ok(()) };
        let before = status(transaction, change.room, change.user).await?;
        if !matches!(before, MembershipStatus::Member(_)) {
            self.allow_member(transaction, change.room, change.user).await?;
        }
        if role == Role::Owner && before != change.new_status {
            self.allow_owner(transaction, change.user).await?;
        }
        Ok(())
    }

    async fn allow_member(
        &self,
        transaction: &DatabaseTransaction,
        room: RoomId,
        user: UserId,
    ) -> Result<()> {
        self.has_place(transaction, Quota::Members, 1, MEMBERS, [room.uuid().into()]).await?;
        self.has_place(transaction, Quota::RoomsJoined, 1, JOINED, [user.uuid().into()]).await
    }

    /// Whether the invitations that wait in the room, those of this transaction included, are not too many.
    pub(crate) async fn allow_invitations(
        &self,
        transaction: &DatabaseTransaction,
        room: RoomId,
    ) -> Result<()> {
        self.has_place(transaction, Quota::Invitations, 0, INVITATIONS, [room.uuid().into()]).await
    }

    /// Whether there is place for one more link; `links` counts those that there are.
    pub(crate) async fn allow_link<const N: usize>(
        &self,
        transaction: &DatabaseTransaction,
        links: &str,
        values: [Value; N],
    ) -> Result<()> {
        self.has_place(transaction, Quota::Links, 1, links, values).await
    }

    /// Whether there is place for so many more than `count` counts.
    async fn has_place<const N: usize>(
        &self,
        transaction: &DatabaseTransaction,
        quota: Quota,
        more: i64,
        count: &str,
        values: [Value; N],
    ) -> Result<()> {
        let most = self.most(quota);
        if most == u32::MAX {
            return Ok(());
        }
        if sql::count(transaction, count, values).await? + more > i64::from(most) {
            return Err(Error::QuotaReached { quota, most });
        }
        Ok(())
    }
}

const MADE_SINCE: &str = "SELECT COUNT(*) FROM rooms WHERE created_by = $1 AND created_at > $2";

const OWNED: &str = "
    SELECT COUNT(*) FROM memberships ms JOIN rooms r ON r.id = ms.room_id
    WHERE ms.user_id = $1 AND ms.status = 'in' AND ms.role = 'owner' AND r.closed_at IS NULL";

const JOINED: &str = "
    SELECT COUNT(*) FROM memberships ms JOIN rooms r ON r.id = ms.room_id
    WHERE ms.user_id = $1 AND ms.status = 'in' AND r.kind <> 'direct' AND r.closed_at IS NULL";

const DIRECT: &str = "
    SELECT COUNT(*) FROM memberships ms JOIN rooms r ON r.id = ms.room_id
    WHERE ms.user_id = $1 AND ms.status = 'in' AND r.kind = 'direct'";

const MEMBERS: &str = "SELECT COUNT(*) FROM memberships WHERE room_id = $1 AND status = 'in'";

const INVITATIONS: &str = "SELECT COUNT(*) FROM invitations WHERE room_id = $1";
