//! Who may do what in a room. Every use case asks here, in one order: the rate limit, the membership lock if it
//! changes who is in a room or what a room is, what the caller is to the room, whether policy allows it.

use crate::{Actor, Chat, MapStoreError, limits::RateLimit};
use domain::{
    error::{AppError, What},
    ids::{RoomId, UserId},
    policy::{Action, MembershipStatus, check},
};
use store::RoomAccess;
use tokio::sync::OwnedMutexGuard;

/// Permission to change a room. The membership lock is held until this is dropped, which is to be after the change has
/// been published: so subscribers hear of changes in the order of their commits.
#[derive(Debug)]
pub(crate) struct Authorized {
    /// What the caller was to the room when the lock was taken.
    pub access: RoomAccess,
    _guard: OwnedMutexGuard<()>,
}

impl Chat {
    /// What the caller is to the room, for what is not forbidden but answered differently.
    pub(crate) async fn access(
        &self,
        actor: &Actor,
        room: RoomId,
        limit: RateLimit,
    ) -> Result<RoomAccess, AppError> {
        self.limits.count(limit, actor.user())?;
        self.load_access(actor.user(), room).await
    }

    /// Goes on if the caller may. A user who may not read the room is told that there is none.
    pub(crate) async fn authorize(
        &self,
        actor: &Actor,
        room: RoomId,
        action: Action,
        limit: RateLimit,
    ) -> Result<RoomAccess, AppError> {
        let access = self.access(actor, room, limit).await?;
        check(action, access.status, access.kind)?;
        Ok(access)
    }

    /// The same for a change, which is made and published while the answer is held.
    pub(crate) async fn authorize_change(
        &self,
        actor: &Actor,
        room: RoomId,
        action: Action,
        limit: RateLimit,
    ) -> Result<Authorized, AppError> {
        self.limits.count(limit, actor.user())?;
        let guard = self.lock_memberships().await;
        let access = self.authorize(actor, room, action, RateLimit::None).await?;
        Ok(Authorized { access, _guard: guard })
    }

    /// The same for a change of what another user is to the room.
    pub(crate) async fn authorize_change_of(
        &self,
        actor: &Actor,
        room: RoomId,
        target: UserId,
        action: impl Fn(MembershipStatus) -> Action,
        limit: RateLimit,
    ) -> Result<Authorized, AppError> {
        self.limits.count(limit, actor.user())?;
        let guard = self.lock_memberships().await;
        let of = self.load_access(target, room).await?.status;
        let access = self.authorize(actor, room, action(of), RateLimit::None).await?;
        Ok(Authorized { access, _guard: guard })
    }

    /// A use case that changes memberships by something else than a room's permissions, a link or the end of an account,
    /// holds this from before the transaction until it has been published.
    pub(crate) async fn lock_memberships(&self) -> OwnedMutexGuard<()> {
        self.membership_lock.clone().lock_owned().await
    }

    /// What the user is to the room.
    pub(crate) async fn load_access(
        &self,
        user: UserId,
        room: RoomId,
    ) -> Result<RoomAccess, AppError> {
        let asked = match self.caches.memberships.get(&(room, user)) {
            Ok(access) => return Ok(access),
            Err(asked) => asked,
        };
        let access = self.store.room_access(room, user).await.map_store_error()?;
        let access = access.ok_or(AppError::NotFound(What::Room))?;
        if matches!(access.status, MembershipStatus::Member(_)) {
            self.caches.memberships.insert(asked, (room, user), access);
        }
        Ok(access)
    }
}
