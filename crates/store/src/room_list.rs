//! The list of rooms that a person is in, or invited to.

use crate::{Result, Store, stored};
use domain::{
    clock::Millis,
    ids::{AvatarId, RoomId, UserId},
    messages::{MessageText, Seq},
    rooms::{LastMessage, MAX_UNREAD, RoomSummary, RoomTitle},
    users::DisplayName,
};
use sea_orm::QueryResult;
use std::cmp::Reverse;
use uuid::Uuid;

impl Store {
    /// The rooms that the person is in and those that they are invited to, the one with the newest
    /// activity first.
    pub async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>> {
        let most = i64::from(MAX_UNREAD);
        let own = self.ask(SUMMARIES, [user.uuid().into(), most.into()]).await?;
        let invited = self.ask(INVITED, [user.uuid().into()]).await?;
        let mut rooms: Vec<_> = own.iter().map(summary).collect::<Result<_>>()?;
        if !invited.is_empty() {
            let invited: Vec<_> = invited.iter().map(invitation).collect::<Result<_>>()?;
            rooms.extend(invited);
            rooms.sort_by_key(|room| (Reverse(room.active_at), room.id));
        }
        Ok(rooms)
    }
}

/// Each subquery is one step in an index, however long the room's history is. A one-to-one room is called
/// as the other is; one with oneself has oneself for the other.
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

const INVITED: &str = "
    SELECT r.id, r.title, r.avatar_id, i.invited_at, f.name
    FROM invitations i
    JOIN rooms r ON r.id = i.room_id AND r.closed_at IS NULL
    JOIN users p ON p.id = i.invited_by
    LEFT JOIN memberships ms ON ms.room_id = i.room_id AND ms.user_id = i.invited_by
    JOIN profiles f ON f.id = COALESCE(ms.profile_id, p.default_profile_id)
    WHERE i.user_id = $1";

fn invitation(row: &QueryResult) -> Result<RoomSummary> {
    let title: String = row.try_get("", "title")?;
    let by: String = row.try_get("", "name")?;
    let avatar: Option<Uuid> = row.try_get("", "avatar_id")?;
    Ok(RoomSummary {
        id: RoomId::from_uuid(row.try_get("", "id")?),
        title: Some(stored(RoomTitle::parse(&title), "title")?),
        with: None,
        avatar: avatar.map(AvatarId::from_uuid),
        last: None,
        active_at: Millis(row.try_get("", "invited_at")?),
        unread: 0,
        invited_by: Some(stored(DisplayName::parse(&by), "name")?),
    })
}

fn summary(row: &QueryResult) -> Result<RoomSummary> {
    let joined_at: i64 = row.try_get("", "joined_at")?;
    let posted_at: Option<i64> = row.try_get("", "posted_at")?;
    let title: String = row.try_get("", "title")?;
    let with: Option<Uuid> = row.try_get("", "with_id")?;
    let avatar: Option<Uuid> = row.try_get("", "avatar_id")?;
    let unread: i64 = row.try_get("", "unread")?;
    Ok(RoomSummary {
        id: RoomId::from_uuid(row.try_get("", "id")?),
        // Whoever has deleted their account has an empty name, which nobody can choose.
        title: (!title.is_empty())
            .then(|| stored(RoomTitle::parse(&title), "title"))
            .transpose()?,
        with: with.map(UserId::from_uuid),
        avatar: avatar.map(AvatarId::from_uuid),
        last: last_line(row)?,
        active_at: Millis(posted_at.unwrap_or(joined_at)),
        unread: u32::try_from(unread).unwrap_or(MAX_UNREAD),
        invited_by: None,
    })
}

fn last_line(row: &QueryResult) -> Result<Option<LastMessage>> {
    let Some(seq) = row.try_get("", "seq")? else { return Ok(None) };
    let text: String = row.try_get("", "text")?;
    // Of a text that begins with much that draws nothing only that it is there.
    let text = MessageText::parse(&text).or_else(|_| MessageText::parse("…"));
    let text = stored(text, "text")?;
    let shown = MessageText::parse(&text.preview());
    Ok(Some(LastMessage { seq: Seq(seq), text: shown.unwrap_or(text) }))
}
