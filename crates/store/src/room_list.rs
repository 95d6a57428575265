//! The rooms that a user is in, or invited to.

use crate::{
    Result, Store,
    sql::{decode, query},
};
use domain::{
    clock::Millis,
    ids::{AvatarId, RoomId, UserId},
    messages::{MessageText, Seq},
    rooms::{LastMessage, MAX_UNREAD, RoomSummary, RoomTitle},
    users::DisplayName,
};
use sea_orm::FromQueryResult;
use std::cmp::Reverse;
use uuid::Uuid;

impl Store {
    /// The rooms that the user is in and those that they are invited to, the one with the newest
    /// activity first.
    pub async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>> {
        let most = i64::from(MAX_UNREAD);
        let own = [user.uuid().into(), most.into()];
        let own = query::<SummaryRow>(&self.read, SUMMARIES, own).await?;
        let invited = query::<InvitationRow>(&self.read, INVITED, [user.uuid().into()]).await?;
        let mut rooms: Vec<_> = own.into_iter().map(SummaryRow::summary).collect::<Result<_>>()?;
        if !invited.is_empty() {
            for invitation in invited {
                rooms.push(invitation.summary()?);
            }
            rooms.sort_by_key(|room| (Reverse(room.active_at), room.id));
        }
        Ok(rooms)
    }
}

/// Each subquery is one step in an index, however long the room's history is. A one-to-one room has the name and the
/// avatar of its other member; in a user's room with themselves these are their own. The tables of `displayed_members`
/// are joined here one by one: SQLite would make the whole view for a LEFT JOIN.
const SUMMARIES: &str = "
    SELECT r.id, ms.joined_at, o.user_id AS with_id,
        CASE r.kind WHEN 'direct' THEN f.avatar_id ELSE r.avatar_id END AS avatar_id,
        CASE r.kind WHEN 'direct' THEN f.name ELSE r.title END AS title,
        m.seq, SUBSTR(m.text, 1, 600) AS text, m.posted_at,
        (SELECT COUNT(*) FROM
            (SELECT 1 FROM messages u
             WHERE u.room_id = r.id AND u.seq > ms.last_read_seq AND u.author_id <> ms.user_id
             LIMIT $2) AS others) AS unread
    FROM memberships ms
    JOIN rooms r ON r.id = ms.room_id
    LEFT JOIN messages m
        ON m.room_id = r.id AND m.seq = (SELECT MAX(seq) FROM messages WHERE room_id = r.id)
    LEFT JOIN direct_rooms ON direct_rooms.room_id = r.id
    LEFT JOIN memberships o ON o.room_id = r.id
        AND o.user_id = CASE direct_rooms.low WHEN $1 THEN direct_rooms.high ELSE direct_rooms.low END
    LEFT JOIN users p ON p.id = o.user_id
    LEFT JOIN profiles f ON f.id = COALESCE(o.profile_id, p.default_profile_id)
    WHERE ms.user_id = $1 AND ms.status = 'in' AND r.closed_at IS NULL
    ORDER BY COALESCE(m.posted_at, ms.joined_at) DESC, r.id";

pub(crate) const INVITED: &str = "
    SELECT r.id, r.title, r.avatar_id, i.invited_at, inviter.name AS inviter_name
    FROM invitations i
    JOIN rooms r ON r.id = i.room_id AND r.closed_at IS NULL
    JOIN displayed_members inviter ON inviter.room_id = i.room_id AND inviter.user_id = i.invited_by
    WHERE i.user_id = $1";

#[derive(Debug, FromQueryResult)]
struct InvitationRow {
    id: Uuid,
    title: String,
    avatar_id: Option<Uuid>,
    invited_at: i64,
    inviter_name: String,
}

impl InvitationRow {
    fn summary(self) -> Result<RoomSummary> {
        Ok(RoomSummary {
            id: RoomId::from_uuid(self.id),
            title: Some(decode(RoomTitle::parse(&self.title).ok(), "title")?),
            with: None,
            avatar: self.avatar_id.map(AvatarId::from_uuid),
            last: None,
            active_at: Millis(self.invited_at),
            unread: 0,
            invited_by: Some(decode(DisplayName::parse(&self.inviter_name).ok(), "name")?),
        })
    }
}

#[derive(Debug, FromQueryResult)]
struct SummaryRow {
    id: Uuid,
    joined_at: i64,
    with_id: Option<Uuid>,
    avatar_id: Option<Uuid>,
    title: String,
    seq: Option<i64>,
    text: Option<String>,
    posted_at: Option<i64>,
    unread: i64,
}

impl SummaryRow {
    fn summary(self) -> Result<RoomSummary> {
        // The name of a deleted account is empty, which no user can choose.
        let title = (!self.title.is_empty()).then(|| RoomTitle::parse(&self.title).ok());
        let last = self.seq.zip(self.text).map(|(seq, text)| last_message(seq, &text));
        Ok(RoomSummary {
            id: RoomId::from_uuid(self.id),
            title: title.map(|title| decode(title, "title")).transpose()?,
            with: self.with_id.map(UserId::from_uuid),
            avatar: self.avatar_id.map(AvatarId::from_uuid),
            last: last.transpose()?,
            active_at: Millis(self.posted_at.unwrap_or(self.joined_at)),
            unread: u32::try_from(self.unread).unwrap_or(MAX_UNREAD),
            invited_by: None,
        })
    }
}

fn last_message(seq: i64, text: &str) -> Result<LastMessage> {
    // The beginning of the text may be no text of its own: characters that are not drawn.
    let text = MessageText::parse(text).or_else(|_| MessageText::parse("…"));
    let text = decode(text.ok(), "text")?;
    let shown = MessageText::parse(&text.preview());
    Ok(LastMessage { seq: Seq(seq), text: shown.unwrap_or(text) })
}
