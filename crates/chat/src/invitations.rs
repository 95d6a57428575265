//! Asking people into a room, by name; coming, or not. Who is asked sees the room in their list at once.

use crate::{
    Actor, Chat, MapStoreError, invitation_links::fresh_token, limits::RateLimit, users::name_query,
};
use domain::{
    collation::ScriptFirst,
    error::{AppError, What},
    ids::{RoomId, UserId},
    invitations::{InviteOptions, MAX_INVITED_AT_ONCE, OpenInvitations},
    policy::{Action, MembershipStatus, allowed, check},
    users::DIRECTORY_PER_PAGE,
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
        first: ScriptFirst,
    ) -> Result<InviteOptions, AppError> {
        let action = Action::Invite(MembershipStatus::NonMember);
        let access = self.authorize(actor, room, action, RateLimit::ReadList).await?;
        let details = self.store.room_details(room).await.map_store_error()?;
        let title = details.ok_or(AppError::NotFound(What::Room))?.title;
        let (typed, query) = name_query(typed);
        let of = PageQuery { query: &query, page, per_page: DIRECTORY_PER_PAGE };
        let removed =
            allowed(Action::Invite(MembershipStatus::Removed), access.status, access.kind);
        let users = self.store.outsiders(room, removed, of, first).await.map_store_error()?;
        let users = users.for_query(typed);
        let open = if allowed(Action::ManageInviteLinks, access.status, access.kind) {
            let users = self.store.invited_to(room).await.map_store_error()?;
            let links = self.store.links_of(room, self.now()).await.map_store_error()?;
            Some(OpenInvitations { users, links, fresh: fresh_token() })
        } else {
            None
        };
        Ok(InviteOptions { room, title, users, open })
    }

    /// Asks these people in: all of them, or none. Asking twice is asking once.
    pub async fn invite(
        &self,
        actor: &Actor,
        room: RoomId,
        users: &[UserId],
    ) -> Result<(), AppError> {
        if users.is_empty() {
            return Err(AppError::NoUserChosen);
        }
        if users.len() > MAX_INVITED_AT_ONCE as usize {
            return Err(AppError::TooManyInvited { most: MAX_INVITED_AT_ONCE });
        }
        let (actor, users) = (actor.clone(), users.to_vec());
        self.run_to_completion(move |chat| async move {
            let (action, limit) =
                (Action::Invite(MembershipStatus::NonMember), RateLimit::ChangeRoom);
            let authorized = chat.authorize_change(&actor, room, action, limit).await?;
            let outside = chat.may_be_invited(authorized.access, room, users).await?;
            let invited = chat.store.invite(room, &outside, actor.user(), chat.now()).await;
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
        users: Vec<UserId>,
    ) -> Result<Vec<UserId>, AppError> {
        let mut outside = Vec::new();
        for user in users {
            let of = self.load_access(user, room).await?.status;
            // Another member may have asked them meanwhile, and they came.
            if !matches!(of, MembershipStatus::Member(_)) {
                check(Action::Invite(of), own.status, own.kind)?;
                outside.push(user);
            }
        }
        Ok(outside)
    }

    /// Revokes a user's invitation.
    pub async fn revoke_invitation(
        &self,
        actor: &Actor,
        room: RoomId,
        user: UserId,
    ) -> Result<(), AppError> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeAccount;
            let _authorized = chat
                .authorize_change_of(&actor, room, user, Action::RevokeInvitation, limit)
                .await?;
            chat.revoke_invitation_of(room, user).await
        })
        .await
    }

    /// Does not come.
    pub async fn decline_invitation(&self, actor: &Actor, room: RoomId) -> Result<(), AppError> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeAccount;
            let _authorized = chat.authorize_change(&actor, room, Action::Decline, limit).await?;
            chat.revoke_invitation_of(room, actor.user()).await
        })
        .await
    }

    async fn revoke_invitation_of(&self, room: RoomId, user: UserId) -> Result<(), AppError> {
        let committed = self.store.revoke_invitation(room, user).await.map_store_error()?;
        self.publish(committed).await;
        Ok(())
    }
}
