//! One-to-one rooms: choosing a person opens the one that is there for these two.

use crate::{Actor, Chat, OrProblem};
use domain::{
    ids::{PersonId, RoomId},
    problem::Problem,
};

impl Chat {
    /// The room of the actor and this person, or of the actor alone: always the same one, made when it is
    /// first asked for.
    pub async fn talk(&self, actor: &Actor, person: PersonId) -> Result<RoomId, Problem> {
        self.limits.room(actor.person())?;
        let me = actor.person();
        self.run_to_completion(move |chat| async move {
            let talk = chat.store.talk(me, person, chat.now()).await.or_problem()?;
            let talk = talk.ok_or(Problem::NotFound)?;
            if talk.is_new {
                for each in [me, person] {
                    chat.lately.person_changed(each);
                    chat.hub.follow(each, talk.room);
                }
            }
            Ok(talk.room)
        })
        .await
    }
}
