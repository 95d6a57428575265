//! Joining, leaving, moderation. Each holds the room's membership lock from the permission check until it has been
//! published, so that subscribers hear of it in commit order.

use crate::{Actor, Chat, MapStoreError, limits::RateLimit};
use domain::{
    error::{AppError, Field, What},
    ids::{RoomId, UserId},
    memberships::Role,
    policy::{Action, MembershipStatus},
    text::ValidationError,
};
use store::{LeaveOutcome, MembershipChange, TransferOutcome};

impl Chat {
    /// Makes the caller a member by what they pasted, an id or a link. Entering twice changes nothing.
    pub async fn join_room(&self, actor: &Actor, pasted: &str) -> Result<RoomId, AppError> {
        if pasted.trim().is_empty() {
            return Err(AppError::invalid(Field::Room, ValidationError::Empty));
        }
        let room = RoomId::from_pasted(pasted)
            .map_err(|_| AppError::invalid(Field::Room, ValidationError::InvalidFormat))?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let authorized = chat.authorize_change(&actor, room, Action::Join, limit).await?;
            if !matches!(authorized.access.status, MembershipStatus::Member(_)) {
                let user = actor.user();
                chat.change_membership(&actor, room, user, MembershipStatus::Member(Role::Member))
                    .await?;
            }
            Ok(room)
        })
        .await
    }

    /// The last owner has to give the room away first, or to close it; unless they are the last member, and it
    /// closes behind them.
    pub async fn leave_room(&self, actor: &Actor, room: RoomId) -> Result<(), AppError> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _authorized =
                chat.authorize_change(&actor, room, Action::Leave, RateLimit::None).await?;
            let left =
                chat.store.leave_room(room, actor.user(), chat.now()).await.map_store_error()?;
            match left.ok_or(AppError::NotFound(What::Room))? {
                LeaveOutcome::LastOwner => Err(AppError::LastOwner),
                LeaveOutcome::Closed(committed) | LeaveOutcome::Left(committed) => {
                    chat.publish(committed).await;
                    Ok(())
                }
            }
        })
        .await
    }

    /// Removes a member. They may enter again where the room is open; into a private one they have to be invited
    /// again.
    pub async fn remove_member(
        &self,
        actor: &Actor,
        room: RoomId,
        user: UserId,
    ) -> Result<(), AppError> {
        self.moderate(actor, room, user, Action::Remove, MembershipStatus::Removed).await
    }

    /// Bans a member, or a user who is no member any more: they cannot enter.
    pub async fn ban_member(
        &self,
        actor: &Actor,
        room: RoomId,
        user: UserId,
    ) -> Result<(), AppError> {
        self.moderate(actor, room, user, Action::Ban, MembershipStatus::Banned).await
    }

    /// Lifts a ban: the user is outside, as if they had only been removed.
    pub async fn unban_member(
        &self,
        actor: &Actor,
        room: RoomId,
        user: UserId,
    ) -> Result<(), AppError> {
        self.moderate(actor, room, user, Action::Unban, MembershipStatus::Removed).await
    }

    pub async fn change_role(
        &self,
        actor: &Actor,
        room: RoomId,
        user: UserId,
        role: Role,
    ) -> Result<(), AppError> {
        self.moderate(actor, room, user, Action::ChangeRole, MembershipStatus::Member(role)).await
    }

    /// Makes a member an owner in the caller's place.
    pub async fn transfer_ownership(
        &self,
        actor: &Actor,
        room: RoomId,
        user: UserId,
    ) -> Result<(), AppError> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let _authorized = chat
                .authorize_change_of(&actor, room, user, Action::TransferOwnership, limit)
                .await?;
            let from = actor.user();
            match chat
                .store
                .transfer_ownership(room, from, user, chat.now())
                .await
                .map_store_error()?
            {
                TransferOutcome::Done(committed) => {
                    chat.publish(committed).await;
                    Ok(())
                }
                TransferOutcome::NotMember => Err(AppError::NotFound(What::Member)),
                TransferOutcome::Suspended => Err(AppError::Suspended),
            }
        })
        .await
    }

    /// Changes what another user is to the room, where the caller may.
    async fn moderate(
        &self,
        actor: &Actor,
        room: RoomId,
        user: UserId,
        action: fn(MembershipStatus) -> Action,
        new_status: MembershipStatus,
    ) -> Result<(), AppError> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let _authorized = chat.authorize_change_of(&actor, room, user, action, limit).await?;
            chat.change_membership(&actor, room, user, new_status).await
        })
        .await
    }

    /// The caller holds the membership lock.
    async fn change_membership(
        &self,
        actor: &Actor,
        room: RoomId,
        user: UserId,
        new_status: MembershipStatus,
    ) -> Result<(), AppError> {
        let at = self.now();
        let change = MembershipChange { room, user, actor: actor.user(), new_status, at };
        let committed = self.store.change_membership(change).await.map_store_error()?;
        self.publish(committed).await;
        Ok(())
    }
}
