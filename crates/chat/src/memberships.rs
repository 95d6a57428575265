//! Coming, going and being asked to go. Each of these is done in turn, from the question whether somebody
//! may to the telling of it: so the rooms hear of them in the order in which they were written, and whoever
//! is no longer in hears nothing after that.

use crate::{Actor, Chat, OrProblem};
use domain::{
    ids::{PersonId, RoomId},
    memberships::Role,
    policy::{Action, Standing, check},
    problem::{Field, Problem},
    text::Fault,
    wire::Batch,
};
use store::{Change, HandOver, Leaving};

impl Chat {
    /// Lets a person in by what they pasted, an id or a link. Entering twice changes nothing.
    pub async fn enter_room(&self, actor: &Actor, pasted: &str) -> Result<RoomId, Problem> {
        if pasted.trim().is_empty() {
            return Err(Problem::invalid(Field::Room, Fault::Empty));
        }
        let room =
            RoomId::from_pasted(pasted).map_err(|_| Problem::invalid(Field::Room, Fault::Form))?;
        self.limits.room(actor.person())?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            let place = chat.place(actor.person(), room).await?;
            check(Action::Enter, place.standing, place.kind)?;
            if !matches!(place.standing, Standing::In(_)) {
                let becomes = Standing::In(Role::Member);
                chat.change_membership(&actor, room, actor.person(), becomes).await?;
            }
            Ok(room)
        })
        .await
    }

    /// The last owner has to give the room away first, or to close it; unless nobody else is in, and it
    /// closes behind them.
    pub async fn leave_room(&self, actor: &Actor, room: RoomId) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            chat.allow(&actor, room, Action::Leave).await?;
            let person = actor.person();
            match chat.store.leave_room(room, person, chat.now()).await.or_problem()? {
                None => return Err(Problem::NotFound),
                Some(Leaving::LastOwner) => {
                    return Err(Problem::invalid(Field::Owner, Fault::Empty));
                }
                Some(Leaving::Closed) => chat.room_closed(room),
                Some(Leaving::Gone(batch)) => chat.parted(person, batch),
            }
            Ok(())
        })
        .await
    }

    /// Asks a member to go. They may come again where the room is open; into a private one they are invited
    /// again.
    pub async fn remove_member(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
    ) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            chat.allow_to(&actor, room, person, Action::Remove).await?;
            chat.change_membership(&actor, room, person, Standing::Removed).await
        })
        .await
    }

    /// Asks somebody to go, or who has gone not to come again.
    pub async fn ban_member(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
    ) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            chat.allow_to(&actor, room, person, Action::Ban).await?;
            chat.change_membership(&actor, room, person, Standing::Banned).await
        })
        .await
    }

    /// Lifts a ban: the person is outside, as if they had only been asked to go.
    pub async fn pardon_member(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
    ) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            chat.allow_to(&actor, room, person, Action::Pardon).await?;
            chat.change_membership(&actor, room, person, Standing::Removed).await
        })
        .await
    }

    pub async fn appoint_member(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
        role: Role,
    ) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            chat.allow_to(&actor, room, person, Action::Appoint).await?;
            chat.change_membership(&actor, room, person, Standing::In(role)).await
        })
        .await
    }

    /// Makes a member an owner in the actor's place.
    pub async fn hand_over_room(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
    ) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            chat.allow_to(&actor, room, person, Action::HandOver).await?;
            let (from, at) = (actor.person(), chat.now());
            match chat.store.hand_over_room(room, from, person, at).await.or_problem()? {
                HandOver::Done(batch) => {
                    chat.tell_room(batch);
                    Ok(())
                }
                HandOver::NotIn => Err(Problem::NotFound),
                HandOver::Suspended => Err(Problem::Suspended),
            }
        })
        .await
    }

    /// Goes on if the actor may do this to this person.
    async fn allow_to(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
        action: impl Fn(Standing) -> Action,
    ) -> Result<(), Problem> {
        self.limits.room(actor.person())?;
        let of = self.place(person, room).await?.standing;
        self.allow(actor, room, action(of)).await
    }

    /// Writes down what somebody is from now on, and tells it. The caller has the turn.
    async fn change_membership(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
        becomes: Standing,
    ) -> Result<(), Problem> {
        let change = Change { room, person, by: actor.person(), becomes, at: self.now() };
        let Some(batch) = self.store.change_membership(change).await.or_problem()? else {
            self.tell_membership_again(room, person, becomes);
            return Ok(());
        };
        match becomes {
            Standing::In(_) => self.came_in(person, batch),
            _ => self.parted(person, batch),
        }
        Ok(())
    }

    /// The database already says so. Telling it once more costs nothing, and mends what caches or connections
    /// might believe otherwise.
    fn tell_membership_again(&self, room: RoomId, person: PersonId, becomes: Standing) {
        self.standings.forget(room);
        self.lately.person_changed(person);
        match becomes {
            Standing::In(_) => self.hub.follow(person, room),
            _ => self.hub.part(person, room),
        }
    }

    /// Somebody is in, or in with another role.
    pub(crate) fn came_in(&self, person: PersonId, batch: Batch) {
        self.lately.person_changed(person);
        self.hub.follow(person, batch.room);
        self.tell_room(batch);
    }

    /// Somebody is no longer in: they first, who hear no more of it, then the others.
    fn parted(&self, person: PersonId, batch: Batch) {
        self.standings.forget(batch.room);
        self.lately.room_changed(batch.room);
        self.hub.part(person, batch.room);
        self.hub.publish(batch);
    }

    pub(crate) fn tell_room(&self, batch: Batch) {
        self.standings.forget(batch.room);
        self.lately.room_changed(batch.room);
        self.hub.publish(batch);
    }
}
