//! Asking people into a room, by name; coming, or not. Who is asked sees the room in their list at once.

use crate::{
    Actor, Chat, OrProblem,
    invitation_links::fresh_token,
    limits::RateLimit,
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
};
use store::{PageQuery, RoomAccess};

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
        let action = Action::Invite(Standing::Stranger);
        let access = self.authorize(actor, room, action, RateLimit::ReadList).await?;
        let details = self.store.room_details(room).await.or_problem()?;
        let title = details.ok_or(Problem::NotFound)?.title;
        let (typed, query) = name_query(typed);
        let of = PageQuery { query: &query, page, per_page: DIRECTORY_PAGE };
        let removed = allowed(Action::Invite(Standing::Removed), access.standing, access.kind);
        let people = self.store.outsiders(room, removed, of, first).await.or_problem()?;
        let people = directory(typed, people);
        let open = if allowed(Action::Link, access.standing, access.kind) {
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
        let (actor, people) = (actor.clone(), people.to_vec());
        self.run_to_completion(move |chat| async move {
            let (action, limit) = (Action::Invite(Standing::Stranger), RateLimit::ChangeRoom);
            let authorized = chat.authorize_change(&actor, room, action, limit).await?;
            let outside = chat.may_be_invited(authorized.access, room, people).await?;
            let invited = chat.store.invite(room, &outside, actor.person(), chat.now()).await;
            chat.publish(invited.or_problem()?).await;
            Ok(())
        })
        .await
    }

    /// Those of the users who are outside, if a caller with this access may invite each of them.
    async fn may_be_invited(
        &self,
        own: RoomAccess,
        room: RoomId,
        people: Vec<PersonId>,
    ) -> Result<Vec<PersonId>, Problem> {
        let mut outside = Vec::new();
        for person in people {
            let of = self.load_access(person, room).await?.standing;
            // Another member may have asked them meanwhile, and they came.
            if !matches!(of, Standing::In(_)) {
                check(Action::Invite(of), own.standing, own.kind)?;
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
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeAccount;
            let _authorized =
                chat.authorize_change_of(&actor, room, person, Action::Withdraw, limit).await?;
            chat.take_back_invitation(room, person).await
        })
        .await
    }

    /// Does not come.
    pub async fn decline_invitation(&self, actor: &Actor, room: RoomId) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeAccount;
            let _authorized = chat.authorize_change(&actor, room, Action::Decline, limit).await?;
            chat.take_back_invitation(room, actor.person()).await
        })
        .await
    }

    async fn take_back_invitation(&self, room: RoomId, person: PersonId) -> Result<(), Problem> {
        let committed = self.store.take_back_invitation(room, person).await.or_problem()?;
        self.publish(committed).await;
        Ok(())
    }
}
