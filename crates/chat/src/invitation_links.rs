//! Invitation links: made by owners and moderators of a room, opened by any visitor who has one.

use crate::{
    Actor, Chat, MapStoreError, limits::RateLimit, sessions::sha256, submissions::submission,
};
use domain::{
    error::{AppError, What},
    ids::{ClientId, InvitationLinkId, RoomId, UserId},
    invitation_links::{
        ExpiresAfter, InvitePreview, IssuedInviteLink, MaxUses, SecretToken, TOKEN_BYTES,
    },
    policy::{Action, MembershipStatus, allowed},
};
use rand::RngCore;
use store::{InviteSignUpOutcome, JoinOutcome, NewLink, NewUser};

/// What a link is to be, as chosen.
#[derive(Debug, Clone)]
pub struct CreateInviteLink {
    pub lifetime: ExpiresAfter,
    pub uses: MaxUses,
    /// The id of the form and the secret that its page was drawn with: sent again, it is the same link. Only so
    /// can it be shown again, since of its secret nothing but the hash is kept.
    pub once: Option<(ClientId, SecretToken)>,
}

/// What a link is to the user who opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteLinkView {
    /// They are in the room already.
    Joined(RoomId),
    Invited(InvitePreview),
    /// The room has removed or banned them: no link lets them in, until a moderator invites them by name.
    Refused,
}

/// A secret for a link.
pub(crate) fn fresh_token() -> SecretToken {
    let mut random = [0; TOKEN_BYTES];
    rand::rng().fill_bytes(&mut random);
    SecretToken::from_random(random)
}

impl Chat {
    /// Makes a link into the room. Its secret is not stored, and cannot be shown later.
    pub async fn create_invite_link(
        &self,
        actor: &Actor,
        room: RoomId,
        form: CreateInviteLink,
    ) -> Result<SecretToken, AppError> {
        let CreateInviteLink { lifetime, uses, once } = form;
        let (client_id, token) = match once {
            Some((client_id, token)) => (Some(client_id), token),
            None => (None, fresh_token()),
        };
        let content = ["link", &room.to_string(), lifetime.code(), uses.code(), token.as_str()];
        let submission = submission(actor, client_id, &content);
        if self.find_submitted(submission).await?.is_some() {
            return Ok(token);
        }
        self.authorize(actor, room, Action::ManageInviteLinks, RateLimit::ChangeRoom).await?;
        let new = NewLink {
            room,
            at: self.now(),
            by: actor.user(),
            token_hash: sha256(token.as_str()),
            expires_at: lifetime.from(self.now()),
            max_uses: uses.most(),
            submission,
        };
        self.run_to_completion(move |chat| async move {
            chat.store.create_invite_link(new).await.map_store_error()?;
            Ok(token)
        })
        .await
    }

    /// A link of the room, with what its page shows.
    pub async fn hand_out_link(
        &self,
        actor: &Actor,
        room: RoomId,
        token: &str,
    ) -> Result<IssuedInviteLink, AppError> {
        self.authorize(actor, room, Action::ManageInviteLinks, RateLimit::None).await?;
        let token =
            SecretToken::parse(token).map_err(|_| AppError::NotFound(What::InvitationLink))?;
        let hash = sha256(token.as_str());
        let found = self.store.invitation(&token, &hash, self.now()).await.map_store_error()?;
        let found = found.filter(|(_, invitation)| invitation.room == room);
        let (link, InvitePreview { title, .. }) =
            found.ok_or(AppError::NotFound(What::InvitationLink))?;
        Ok(IssuedInviteLink { room, title, token, link })
    }

    /// From now on the link cannot be used.
    pub async fn revoke_link(
        &self,
        actor: &Actor,
        room: RoomId,
        link: InvitationLinkId,
    ) -> Result<(), AppError> {
        self.authorize(actor, room, Action::ManageInviteLinks, RateLimit::ChangeAccount).await?;
        self.run_to_completion(move |chat| async move {
            let revoked = chat.store.revoke_link(room, link).await.map_store_error()?;
            if revoked { Ok(()) } else { Err(AppError::NotFound(What::InvitationLink)) }
        })
        .await
    }

    /// What a link says to the user who opens it, signed in or not.
    pub async fn open_link(
        &self,
        actor: Option<&Actor>,
        token: &str,
    ) -> Result<InviteLinkView, AppError> {
        let token = SecretToken::parse(token).map_err(|_| AppError::Gone)?;
        let hash = sha256(token.as_str());
        let found = self.store.invitation(&token, &hash, self.now()).await.map_store_error()?;
        let (_, invitation) = found.ok_or(AppError::Gone)?;
        let Some(actor) = actor else { return Ok(InviteLinkView::Invited(invitation)) };
        let access = self.access(actor, invitation.room, RateLimit::None).await?;
        match access.status {
            MembershipStatus::Member(_) => Ok(InviteLinkView::Joined(invitation.room)),
            of if allowed(Action::JoinByLink, of, access.kind) => {
                Ok(InviteLinkView::Invited(invitation))
            }
            // Which of the two is for the room to tell or not; the link does not.
            _ => Ok(InviteLinkView::Refused),
        }
    }

    /// Comes in by a link. Coming twice changes nothing, and counts once.
    pub async fn join_by_link(&self, actor: &Actor, token: &str) -> Result<RoomId, AppError> {
        self.limits.room(actor.user())?;
        let token = SecretToken::parse(token).map_err(|_| AppError::Gone)?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            let _guard = chat.lock_memberships().await;
            let hash = sha256(token.as_str());
            match chat.store.join_by_link(&hash, user, chat.now()).await.map_store_error()? {
                JoinOutcome::Gone => Err(AppError::Gone),
                JoinOutcome::Already(room) => Ok(room),
                JoinOutcome::Joined(room, committed) => {
                    chat.publish(committed).await;
                    Ok(room)
                }
            }
        })
        .await
    }

    /// Makes an account that is a member of the link's room. The first is none when another account has the address
    /// already. Called within the task of a sign-up.
    pub(crate) async fn sign_up_with_invite(
        &self,
        new: NewUser,
        token: &str,
    ) -> Result<(Option<UserId>, Option<RoomId>), AppError> {
        let token = SecretToken::parse(token).map_err(|_| AppError::Gone)?;
        let _guard = self.lock_memberships().await;
        let hash = sha256(token.as_str());
        match self.store.sign_up_with_invite(new, &hash).await.map_store_error()? {
            InviteSignUpOutcome::Gone => Err(AppError::Gone),
            InviteSignUpOutcome::Taken => Ok((None, None)),
            InviteSignUpOutcome::Joined(user, room, committed) => {
                self.publish(committed).await;
                Ok((Some(user), Some(room)))
            }
        }
    }
}
