//! Asking people into a room, by name; coming, or not. Who is asked sees the room in their list at once.

use crate::{
    Actor, Chat, OrProblem,
    invitation_links::fresh_token,
    people::{directory, name_query},
};
use domain::{
    collation::First,
    ids::{PersonId, RoomId},
    invitations::{INVITED_AT_ONCE, Inviting, OpenInvitations},
    people::DIRECTORY_PAGE,
    policy::{Action, Standing, allowed, check},
    problem::{Field, Problem},
    text::Fault,
    wire::ServerFrame,
};
use store::PageQuery;

impl Chat {
    /// Those who could be asked in, a page of them, and what is out already.
    pub async fn inviting(
        &self,
        actor: &Actor,
        room: RoomId,
        typed: &str,
        page: usize,
        first: First,
    ) -> Result<Inviting, Problem> {
        self.limits.read_list(actor.person())?;
        let place = self.place(actor.person(), room).await?;
        check(Action::Invite(Standing::Stranger), place.standing, place.kind)?;
        let arrangement = self.store.arrangement(room).await.or_problem()?;
        let title = arrangement.ok_or(Problem::NotFound)?.title;
        let (typed, query) = name_query(typed);
        let of = PageQuery { query: &query, page, per_page: DIRECTORY_PAGE };
        let removed = allowed(Action::Invite(Standing::Removed), place.standing, place.kind);
        let people = self.store.outsiders(room, removed, of, first).await.or_problem()?;
        let people = directory(typed, people);
        let open = if allowed(Action::Link, place.standing, place.kind) {
            let people = self.store.invited_to(room).await.or_problem()?;
            let links = self.store.links_of(room, self.now()).await.or_problem()?;
            Some(OpenInvitations { people, links, fresh: fresh_token() })
        } else {
            None
        };
        Ok(Inviting { room, title, people, open })
    }

    /// Asks these people in: all of them, or none. Asking twice is asking once.
    pub async fn invite(
        &self,
        actor: &Actor,
        room: RoomId,
        people: &[PersonId],
    ) -> Result<(), Problem> {
        if people.is_empty() {
            return Err(Problem::invalid(Field::People, Fault::Empty));
        }
        if people.len() > INVITED_AT_ONCE as usize {
            return Err(Problem::invalid(Field::People, Fault::TooMany { most: INVITED_AT_ONCE }));
        }
        self.limits.room(actor.person())?;
        let (actor, people) = (actor.clone(), people.to_vec());
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            let outside = chat.may_be_invited(&actor, room, people).await?;
            let invited = chat.store.invite(room, &outside, actor.person(), chat.now()).await;
            for person in invited.or_problem()? {
                chat.listed_anew(person, room);
            }
            Ok(())
        })
        .await
    }

    /// Those of the people who are outside, if the actor may ask each of them in.
    async fn may_be_invited(
        &self,
        actor: &Actor,
        room: RoomId,
        people: Vec<PersonId>,
    ) -> Result<Vec<PersonId>, Problem> {
        let place = self.place(actor.person(), room).await?;
        check(Action::Invite(Standing::Stranger), place.standing, place.kind)?;
        let mut outside = Vec::new();
        for person in people {
            let of = self.place(person, room).await?.standing;
            // Another member may have asked them meanwhile, and they came.
            if !matches!(of, Standing::In(_)) {
                check(Action::Invite(of), place.standing, place.kind)?;
                outside.push(person);
            }
        }
        Ok(outside)
    }

    /// Takes back that somebody was asked in.
    pub async fn withdraw_invitation(
        &self,
        actor: &Actor,
        room: RoomId,
        person: PersonId,
    ) -> Result<(), Problem> {
        self.limits.account(actor.person())?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            let of = chat.place(person, room).await?.standing;
            chat.allow(&actor, room, Action::Withdraw(of)).await?;
            chat.take_back_invitation(room, person).await
        })
        .await
    }

    /// Does not come.
    pub async fn decline_invitation(&self, actor: &Actor, room: RoomId) -> Result<(), Problem> {
        self.limits.account(actor.person())?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            chat.allow(&actor, room, Action::Decline).await?;
            chat.take_back_invitation(room, actor.person()).await
        })
        .await
    }

    async fn take_back_invitation(&self, room: RoomId, person: PersonId) -> Result<(), Problem> {
        self.store.take_back_invitation(room, person).await.or_problem()?;
        self.listed_anew(person, room);
        Ok(())
    }

    /// The person's list of rooms is another, though they are not in this one: their tabs read it again.
    fn listed_anew(&self, person: PersonId, room: RoomId) {
        self.lately.person_changed(person);
        self.hub.tell(person, &ServerFrame::Reset { room });
    }
}
