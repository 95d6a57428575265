//! Asking people into a room, by name; coming, or not. Who is asked sees the room in their list at once.

use crate::{
    Actor, Chat, MapStoreError,
    invitation_links::fresh_token,
    limits::RateLimit,
    people::{directory, name_query},
};
use domain::{
    collation::First,
    ids::{RoomId, UserId},
    invitations::{InviteOptions, MAX_INVITED_AT_ONCE, OpenInvitations},
    people::DIRECTORY_PER_PAGE,
    policy::{Action, MembershipStatus, allowed, check},
    problem::{AppError, Field},
    text::ValidationError,
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
    ) -> Result<InviteOptions, AppError> {
        let action = Action::Invite(MembershipStatus::Stranger);
        let access = self.authorize(actor, room, action, RateLimit::ReadList).await?;
        let details = self.store.room_details(room).await.map_store_error()?;
        let title = details.ok_or(AppError::NotFound)?.title;
        let (typed, query) = name_query(typed);
        let of = PageQuery { query: &query, page, per_page: DIRECTORY_PER_PAGE };
        let removed =
            allowed(Action::Invite(MembershipStatus::Removed), access.standing, access.kind);
        let people = self.store.outsiders(room, removed, of, first).await.map_store_error()?;
        let people = directory(typed, people);
        let open = if allowed(Action::Link, access.standing, access.kind) {
            let people = self.store.invited_to(room).await.map_store_error()?;
            let links = self.store.links_of(room, self.now()).await.map_store_error()?;
            Some(OpenInvitations { people, links, fresh: fresh_token() })
        } else {
            None
        };
        Ok(InviteOptions { room, title, people, open })
    }

    /// Asks these people in: all of them, or none. Asking twice is asking once.
    pub async fn invite(
        &self,
        actor: &Actor,
        room: RoomId,
        people: &[UserId],
    ) -> Result<(), AppError> {
        if people.is_empty() {
            return Err(AppError::invalid(Field::People, ValidationError::Empty));
        }
        if people.len() > MAX_INVITED_AT_ONCE as usize {
            return Err(AppError::invalid(
                Field::People,
                ValidationError::TooMany { most: MAX_INVITED_AT_ONCE },
            ));
        }
        let (actor, people) = (actor.clone(), people.to_vec());
        self.run_to_completion(move |chat| async move {
            let (action, limit) =
                (Action::Invite(MembershipStatus::Stranger), RateLimit::ChangeRoom);
            let authorized = chat.authorize_change(&actor, room, action, limit).await?;
            let outside = chat.may_be_invited(authorized.access, room, people).await?;
            let invited = chat.store.invite(room, &outside, actor.person(), chat.now()).await;
            chat.publish(invited.map_store_error()?).await;
            Ok(())
        })
        .await
    }

    /// Those of the users who are outside, if a caller with this access may invite each of them.
    async fn may_be_invited(
        &self,
        own: RoomAccess,
        room: RoomId,
        people: Vec<UserId>,
    ) -> Result<Vec<UserId>, AppError> {
        let mut outside = Vec::new();
        for person in people {
            let of = self.load_access(person, room).await?.standing;
            // Another member may have asked them meanwhile, and they came.
            if !matches!(of, MembershipStatus::In(_)) {
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
        person: UserId,
    ) -> Result<(), AppError> {
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
    pub async fn decline_invitation(&self, actor: &Actor, room: RoomId) -> Result<(), AppError> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeAccount;
            let _authorized = chat.authorize_change(&actor, room, Action::Decline, limit).await?;
            chat.take_back_invitation(room, actor.person()).await
        })
        .await
    }

    async fn take_back_invitation(&self, room: RoomId, person: UserId) -> Result<(), AppError> {
        let committed = self.store.take_back_invitation(room, person).await.map_store_error()?;
        self.publish(committed).await;
        Ok(())
    }
}
