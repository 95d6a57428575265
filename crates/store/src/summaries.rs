//! The list of rooms that a person is in.

use crate::{Result, Store, stored};
use domain::{
    clock::Millis,
    ids::{PersonId, PictureId, RoomId},
    messages::{MessageText, Seq},
    rooms::{LastLine, RoomSummary, RoomTitle, UNREAD_MOST},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

impl Store {
    /// The rooms that the person is in, the one with the newest activity first.
    pub async fn rooms_of(&self, person: PersonId) -> Result<Vec<RoomSummary>> {
        let ask = Statement::from_sql_and_values(
            self.read.get_database_backend(),
            SUMMARIES,
            [person.uuid().into(), i64::from(UNREAD_MOST).into()],
        );
        let rows = self.read.query_all_raw(ask).await?;
        rows.iter().map(summary).collect()
    }
}

/// Each subquery is one step in an index, however long the room's history is. A one-to-one room is called
/// as the other is; one with oneself has oneself for the other.
const SUMMARIES: &str = "
    SELECT r.id, ms.joined_at, o.person_id AS with_id, f.picture_id,
        CASE r.kind WHEN 'direct' THEN f.name ELSE r.title END AS title,
        m.seq, m.text, m.posted_at,
        (SELECT COUNT(*) FROM
            (SELECT 1 FROM messages u
             WHERE u.room_id = r.id AND u.seq > ms.last_read_seq AND u.author_id <> ms.person_id
             LIMIT $2) AS others) AS unread
    FROM memberships ms
    JOIN rooms r ON r.id = ms.room_id
    LEFT JOIN messages m
        ON m.room_id = r.id AND m.seq = (SELECT MAX(seq) FROM messages WHERE room_id = r.id)
    LEFT JOIN pairs ON pairs.room_id = r.id
    LEFT JOIN memberships o ON o.room_id = r.id
        AND o.person_id = CASE pairs.low WHEN $1 THEN pairs.high ELSE pairs.low END
    LEFT JOIN people p ON p.id = o.person_id
    LEFT JOIN profiles f ON f.id = COALESCE(o.profile_id, p.default_profile_id)
    WHERE ms.person_id = $1 AND ms.state = 'in' AND r.closed_at IS NULL
    ORDER BY COALESCE(m.posted_at, ms.joined_at) DESC, r.id";

fn summary(row: &QueryResult) -> Result<RoomSummary> {
    let joined_at: i64 = row.try_get("", "joined_at")?;
    let posted_at: Option<i64> = row.try_get("", "posted_at")?;
    let title: String = row.try_get("", "title")?;
    let with: Option<Uuid> = row.try_get("", "with_id")?;
    let picture: Option<Uuid> = row.try_get("", "picture_id")?;
    let unread: i64 = row.try_get("", "unread")?;
    Ok(RoomSummary {
        id: RoomId::from_uuid(row.try_get("", "id")?),
        // Whoever has deleted their account has an empty name, which nobody can choose.
        title: (!title.is_empty())
            .then(|| stored(RoomTitle::parse(&title), "title"))
            .transpose()?,
        with: with.map(PersonId::from_uuid),
        picture: picture.map(PictureId::from_uuid),
        last: last_line(row)?,
        active_at: Millis(posted_at.unwrap_or(joined_at)),
        unread: u32::try_from(unread).unwrap_or(UNREAD_MOST),
    })
}

fn last_line(row: &QueryResult) -> Result<Option<LastLine>> {
    let Some(seq) = row.try_get("", "seq")? else { return Ok(None) };
    let text: String = row.try_get("", "text")?;
    Ok(Some(LastLine { seq: Seq(seq), text: stored(MessageText::parse(&text), "text")? }))
}
