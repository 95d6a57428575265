//! Joining, leaving, moderation. Each holds the room's membership lock from the permission check until it has been
//! published, so that subscribers hear of it in commit order.

use crate::{Actor, Chat, OrProblem, limits::RateLimit};
use domain::{
    ids::{PersonId, RoomId},
    memberships::Role,
    policy::{Action, Standing},
    problem::{Field, Problem},
    text::Fault,
};
use store::{LeaveOutcome, MembershipChange, TransferOutcome};

impl Chat {
    /// Makes the caller a member by what they pasted, an id or a link. Entering twice changes nothing.
    pub async fn enter_room(&self, actor: &Actor, pasted: &str) -> Result<RoomId, Problem> {
        if pasted.trim().is_empty() {
            return Err(Problem::invalid(Field::Room, Fault::Empty));
        }
        let room =
            RoomId::from_pasted(pasted).map_err(|_| Problem::invalid(Field::Room, Fault::Form))?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let authorized = chat.authorize_change(&actor, room, Action::Enter, limit).await?;
            if !matches!(authorized.access.standing, Standing::In(_)) {
                let user = actor.person();
                chat.change_membership(&actor, room, user, Standing::In(Role::Member)).await?;
            }
            Ok(room)
        })
        .await
    }

    /// The last owner has to give the room away first, or to close it; unless they are the last member, and it
    /// closes behind them.
    pub async fn leave_room(&self, actor: &Actor, room: RoomId) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _authorized =
                chat.authorize_change(&actor, room, Action::Leave, RateLimit::None).await?;
            let left =
                chat.store.leave_room(room, actor.person(), chat.now()).await.or_problem()?;
            match left.ok_or(Problem::NotFound)? {
                LeaveOutcome::LastOwner => Err(Problem::invalid(Field::Owner, Fault::Empty)),
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
        person: PersonId,
    ) -> Result<(), Problem> {
        self.moderate(actor, room, person, Action::Remove, Standing::Removed).await
    }

    /// Bans a member, or a user who is no member any more: they cannot enter.
    pub async fn ban_member(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
    ) -> Result<(), Problem> {
        self.moderate(actor, room, person, Action::Ban, Standing::Banned).await
    }

    /// Lifts a ban: the user is outside, as if they had only been removed.
    pub async fn pardon_member(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
    ) -> Result<(), Problem> {
        self.moderate(actor, room, person, Action::Pardon, Standing::Removed).await
    }

    pub async fn appoint_member(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
        role: Role,
    ) -> Result<(), Problem> {
        self.moderate(actor, room, person, Action::Appoint, Standing::In(role)).await
    }

    /// Makes a member an owner in the caller's place.
    pub async fn hand_over_room(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
    ) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let _authorized =
                chat.authorize_change_of(&actor, room, person, Action::HandOver, limit).await?;
            let from = actor.person();
            match chat
                .store
                .transfer_ownership(room, from, person, chat.now())
                .await
                .or_problem()?
            {
                TransferOutcome::Done(committed) => {
                    chat.publish(committed).await;
                    Ok(())
                }
                TransferOutcome::NotMember => Err(Problem::NotFound),
                TransferOutcome::Suspended => Err(Problem::Suspended),
            }
        })
        .await
    }

    /// Changes what another user is to the room, where the caller may.
    async fn moderate(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
        action: fn(Standing) -> Action,
        new_status: Standing,
    ) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let _authorized = chat.authorize_change_of(&actor, room, person, action, limit).await?;
            chat.change_membership(&actor, room, person, new_status).await
        })
        .await
    }

    /// The caller holds the membership lock.
    async fn change_membership(
        &self,
        actor: &Actor,
        room: RoomId,
        user: PersonId,
        new_status: Standing,
    ) -> Result<(), Problem> {
        let at = self.now();
        let change = MembershipChange { room, user, actor: actor.person(), new_status, at };
        let committed = self.store.change_membership(change).await.or_problem()?;
        self.publish(committed).await;
        Ok(())
    }
}
