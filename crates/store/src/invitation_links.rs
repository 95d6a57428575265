//! Invitation links: a user who has one may join its room. Only the hash of a link's secret is kept, as with sessions.

use crate::{
    Committed, Error, NewUser, Result, Store,
    entities::invitation_links as links,
    is_unique_violation,
    memberships::{MembershipChange, RoomAccess, apply_membership_change, find_access},
    sql::{decode, query, query_one, query_value},
    submissions::{Submission, find_submitted, record},
    users::insert_user,
};
use domain::{
    clock::Millis,
    ids::{AvatarId, InvitationLinkId, RoomId, UserId},
    invitation_links::{InvitationLink, InvitePreview, SecretToken},
    memberships::Role,
    policy::{Action, MembershipStatus, allowed},
    rooms::{Description, RoomTitle},
    users::DisplayName,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter,
};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewLink {
    pub room: RoomId,
    pub by: UserId,
    pub at: Millis,
    /// SHA-256 of the secret in the link.
    pub token_hash: [u8; 32],
    pub expires_at: Millis,
    /// None without a limit.
    pub max_uses: Option<u32>,
    /// The form that makes it; sent again, it makes no other.
    pub submission: Option<Submission>,
}

/// What became of a user who opened a link to join its room.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made once for a request, and taken apart at once")]
pub enum JoinOutcome {
    Joined(RoomId, Committed),
    /// They were a member already, and the link is as it was.
    Already(RoomId),
    /// The link can no longer be used, or not by them.
    Gone,
}

/// What became of a sign-up by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made once for a request, and taken apart at once")]
pub enum InviteSignUpOutcome {
    /// The user has an account, and is a member of the room.
    Joined(UserId, RoomId, Committed),
    /// Another account has the address already.
    Taken,
    /// The link can no longer be used.
    Gone,
}

impl Store {
    pub async fn create_invite_link(&self, new: NewLink) -> Result<InvitationLinkId> {
        let id = Uuid::now_v7();
        let transaction = self.begin_write().await?;
        if let Some(made) = find_submitted(&transaction, new.submission).await? {
            return Ok(InvitationLinkId::from_uuid(made));
        }
        let there = format!("{COUNT} WHERE {IS_USABLE} AND l.room_id = $2");
        let values = [new.at.0.into(), new.room.uuid().into()];
        self.quotas.allow_link(&transaction, &there, values).await?;
        let row = links::ActiveModel {
            id: Set(id),
            token_hash: Set(new.token_hash.to_vec()),
            room_id: Set(new.room.uuid()),
            created_by: Set(new.by.uuid()),
            expires_at: Set(new.expires_at.0),
            uses: Set(0),
            max_uses: Set(new.max_uses.map(i64::from)),
        };
        if let Err(error) = links::Entity::insert(row).exec_without_returning(&transaction).await {
            // Another link has this secret: a page was made up.
            return Err(if is_unique_violation(&error) { Error::Conflict } else { error.into() });
        }
        record(&transaction, new.submission, id, new.at).await?;
        transaction.commit().await?;
        Ok(InvitationLinkId::from_uuid(id))
    }

    /// The room's links that can still be used, the newest first.
    pub async fn links_of(&self, room: RoomId, now: Millis) -> Result<Vec<InvitationLink>> {
        let sql = format!("{LINKS} WHERE {IS_USABLE} AND l.room_id = $2 ORDER BY l.id DESC");
        let rows = query::<LinkRow>(&self.read, sql, [now.0.into(), room.uuid().into()]).await?;
        rows.iter().map(LinkRow::link).collect()
    }

    /// The link with this secret, if it can still be used, and what it says of the room.
    pub async fn invitation(
        &self,
        token: &SecretToken,
        token_hash: &[u8; 32],
        now: Millis,
    ) -> Result<Option<(InvitationLink, InvitePreview)>> {
        let sql = format!("{LINKS} WHERE {IS_USABLE} AND l.token_hash = $2");
        let values = [now.0.into(), token_hash.to_vec().into()];
        let row = query_one::<LinkRow>(&self.read, sql, values).await?;
        row.map(|row| Ok((row.link()?, row.invitation(token)?))).transpose()
    }

    /// False when the room has no such link.
    pub async fn revoke_link(&self, room: RoomId, id: InvitationLinkId) -> Result<bool> {
        let revoked = links::Entity::delete_many()
            .filter(links::Column::Id.eq(id.uuid()))
            .filter(links::Column::RoomId.eq(room.uuid()))
            .exec(&self.write)
            .await?;
        Ok(revoked.rows_affected > 0)
    }

    /// Makes a user a member by a link.
    pub async fn join_by_link(
        &self,
        token_hash: &[u8; 32],
        user: UserId,
        at: Millis,
    ) -> Result<JoinOutcome> {
        let transaction = self.begin_write().await?;
        let Some(room) = claim(&transaction, token_hash, at).await? else {
            return Ok(JoinOutcome::Gone);
        };
        match find_access(&transaction, room, user).await? {
            Some(RoomAccess { status: MembershipStatus::Member(_), .. }) => {
                return Ok(JoinOutcome::Already(room));
            }
            Some(access) if allowed(Action::JoinByLink, access.status, access.kind) => {}
            _ => return Ok(JoinOutcome::Gone),
        }
        let Some(committed) = self.add_member(&transaction, room, user, at).await? else {
            return Ok(JoinOutcome::Gone);
        };
        transaction.commit().await?;
        Ok(JoinOutcome::Joined(room, committed))
    }

    /// Makes an account and makes its user a member by a link: both or neither.
    pub async fn sign_up_with_invite(
        &self,
        new: NewUser,
        token_hash: &[u8; 32],
    ) -> Result<InviteSignUpOutcome> {
        let at = new.at;
        let transaction = self.begin_write().await?;
        let Some(room) = claim(&transaction, token_hash, at).await? else {
            return Ok(InviteSignUpOutcome::Gone);
        };
        let Some(user) = insert_user(&transaction, new).await? else {
            return Ok(InviteSignUpOutcome::Taken);
        };
        let Some(committed) = self.add_member(&transaction, room, user, at).await? else {
            return Ok(InviteSignUpOutcome::Gone);
        };
        transaction.commit().await?;
        Ok(InviteSignUpOutcome::Joined(user, room, committed))
    }

    /// None when there is no such room any more.
    async fn add_member(
        &self,
        transaction: &DatabaseTransaction,
        room: RoomId,
        user: UserId,
        at: Millis,
    ) -> Result<Option<Committed>> {
        let new_status = MembershipStatus::Member(Role::Member);
        let change = MembershipChange { room, user, actor: user, new_status, at };
        self.quotas.allow_change(transaction, change).await?;
        let change_sets = apply_membership_change(transaction, change).await?;
        let joined = vec![(room, user)];
        Ok(change_sets.map(|sets| Committed { joined, ..Committed::changes(sets) }))
    }

    /// Removes the links that ended before `now`.
    pub async fn sweep_links(&self, now: Millis) -> Result<u64> {
        let ended = links::Column::ExpiresAt.lte(now.0);
        let swept = links::Entity::delete_many().filter(ended).exec(&self.write).await?;
        Ok(swept.rows_affected)
    }
}

/// Of a link `l`: whether it can be used at `$1`. It is good only while its maker is an owner or a moderator of
/// the room and not suspended.
const IS_USABLE: &str = "
    l.expires_at > $1 AND (l.max_uses IS NULL OR l.uses < l.max_uses) AND EXISTS (
        SELECT 1 FROM memberships k JOIN users o ON o.id = k.user_id
        WHERE k.room_id = l.room_id AND k.user_id = l.created_by AND k.status = 'in'
            AND k.role IN ('owner', 'moderator') AND o.suspended_at IS NULL)";

/// Links with what they say of their room.
pub(crate) const LINKS: &str = "
    SELECT l.id, l.expires_at, l.uses, l.max_uses, inviter.name AS inviter_name,
        r.id AS room_id, r.title, r.description, r.avatar_id,
        (SELECT COUNT(*) FROM memberships o WHERE o.room_id = r.id AND o.status = 'in') AS members
    FROM invitation_links l
    JOIN rooms r ON r.id = l.room_id AND r.closed_at IS NULL
    JOIN displayed_members inviter ON inviter.room_id = l.room_id AND inviter.user_id = l.created_by";

const COUNT: &str = "SELECT COUNT(*) FROM invitation_links l";

const CLAIM: &str = "UPDATE invitation_links AS l SET uses = uses + 1";

/// Counts one more use of the link, and answers its room. None when it can no longer be used. What is not committed
/// has not been counted.
async fn claim(
    transaction: &DatabaseTransaction,
    token_hash: &[u8; 32],
    at: Millis,
) -> Result<Option<RoomId>> {
    let sql = format!("{CLAIM} WHERE {IS_USABLE} AND l.token_hash = $2 RETURNING room_id");
    let room = query_value(transaction, sql, [at.0.into(), token_hash.to_vec().into()]).await?;
    Ok(room.map(RoomId::from_uuid))
}

#[derive(Debug, FromQueryResult)]
struct LinkRow {
    id: Uuid,
    expires_at: i64,
    uses: i64,
    max_uses: Option<i64>,
    inviter_name: String,
    room_id: Uuid,
    title: String,
    description: String,
    avatar_id: Option<Uuid>,
    members: i64,
}

impl LinkRow {
    fn link(&self) -> Result<InvitationLink> {
        let count = |count: i64| decode(u32::try_from(count).ok(), "link");
        Ok(InvitationLink {
            id: InvitationLinkId::from_uuid(self.id),
            by: self.inviter()?,
            expires_at: Millis(self.expires_at),
            uses: count(self.uses)?,
            max_uses: self.max_uses.map(count).transpose()?,
        })
    }

    fn invitation(&self, token: &SecretToken) -> Result<InvitePreview> {
        Ok(InvitePreview {
            token: token.clone(),
            by: self.inviter()?,
            room: RoomId::from_uuid(self.room_id),
            title: decode(RoomTitle::parse(&self.title).ok(), "title")?,
            description: decode(Description::parse(&self.description).ok(), "description")?,
            avatar: self.avatar_id.map(AvatarId::from_uuid),
            members: u64::try_from(self.members).unwrap_or_default(),
        })
    }

    fn inviter(&self) -> Result<DisplayName> {
        decode(DisplayName::parse(&self.inviter_name).ok(), "name")
    }
}
