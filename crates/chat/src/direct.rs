//! One-to-one rooms: choosing a person opens the one that is there for these two.

use crate::{Actor, Chat, OrProblem};
use domain::{
    ids::{PersonId, RoomId},
    problem::Problem,
};
use store::DirectRoom;

impl Chat {
    /// The room of the actor and this person, or of the actor alone: always the same one, made when it is
    /// first asked for.
    pub async fn open_direct_room(
        &self,
        actor: &Actor,
        person: PersonId,
    ) -> Result<RoomId, Problem> {
        self.limits.room(actor.person())?;
        let me = actor.person();
        self.run_to_completion(move |chat| async move {
            let opened = chat.store.open_direct_room(me, person, chat.now()).await.or_problem()?;
            let DirectRoom { room, committed } = opened.ok_or(Problem::NotFound)?;
            chat.publish(committed).await;
            Ok(room)
        })
        .await
    }
}
