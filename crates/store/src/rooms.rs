//! Rooms, memberships, and the list of rooms that a person is in.

use crate::{
    Result, Store,
    changes::member,
    entities::{memberships, rooms},
    is_unique_violation,
    profiles::member_changed,
    stored,
};
use domain::{
    clock::Millis,
    ids::{PersonId, RoomId},
    messages::{MessageText, Rev, Seq},
    policy::Standing,
    rooms::{Door, LastLine, Room, RoomSummary, RoomTitle, UNREAD_MOST},
    wire::Batch,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryResult, QuerySelect, Statement,
};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewRoom {
    pub title: RoomTitle,
    pub by: PersonId,
    pub at: Millis,
}

/// What entering a room did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// The person is a member now; this is the change to tell the others.
    New(Batch),
    /// They had been in already, and nothing changed.
    Already,
    NoSuchRoom,
}

impl Store {
    /// Makes a room with its maker in it.
    pub async fn create_room(&self, new: NewRoom) -> Result<RoomId> {
        // Random rather than time-ordered: people tell rooms apart by the first eight characters.
        let id = Uuid::new_v4();
        let transaction = self.begin_write().await?;
        let room = rooms::ActiveModel {
            id: Set(id),
            title: Set(new.title.as_str().to_owned()),
            head: Set(2),
            rev: Set(1),
            created_by: Set(new.by.uuid()),
            created_at: Set(new.at.0),
        };
        rooms::Entity::insert(room).exec_without_returning(&transaction).await?;
        let maker = membership(id, new.by, 2, new.at);
        memberships::Entity::insert(maker).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(RoomId::from_uuid(id))
    }

    /// Records the membership, once however often and from wherever it is asked for.
    pub async fn enter_room(&self, room: RoomId, person: PersonId, at: Millis) -> Result<Entered> {
        let transaction = self.begin_write().await?;
        let Some(rev) = advance(&transaction, room, 1).await? else {
            return Ok(Entered::NoSuchRoom);
        };
        let row = membership(room.uuid(), person, rev, at);
        match memberships::Entity::insert(row).exec_without_returning(&transaction).await {
            Ok(_) => {}
            Err(error) if is_unique_violation(&error) => {
                transaction.rollback().await?;
                return Ok(Entered::Already);
            }
            Err(error) => return Err(error.into()),
        }
        let entered = member(&transaction, room, Rev(rev)).await?;
        transaction.commit().await?;
        Ok(Entered::New(member_changed(room, Rev(rev), entered)))
    }

    /// What the person is to the room. None when there is no such room.
    pub async fn standing(&self, room: RoomId, person: PersonId) -> Result<Option<Standing>> {
        let key = (room.uuid(), person.uuid());
        if memberships::Entity::find_by_id(key).one(&self.read).await?.is_some() {
            return Ok(Some(Standing::Member));
        }
        let room = rooms::Entity::find_by_id(room.uuid()).one(&self.read).await?;
        Ok(room.map(|_| Standing::Stranger))
    }

    /// What a stranger sees of the room.
    pub async fn door(&self, room: RoomId) -> Result<Option<Door>> {
        let Some(row) = rooms::Entity::find_by_id(room.uuid()).one(&self.read).await? else {
            return Ok(None);
        };
        let of_room = memberships::Column::RoomId.eq(room.uuid());
        let members = memberships::Entity::find().filter(of_room).count(&self.read).await?;
        Ok(Some(Door { id: room, title: row.room_title()?, members }))
    }

    pub async fn room_ids_of(&self, person: PersonId) -> Result<Vec<RoomId>> {
        let ids = memberships::Entity::find()
            .select_only()
            .column(memberships::Column::RoomId)
            .filter(memberships::Column::PersonId.eq(person.uuid()))
            .into_tuple::<Uuid>()
            .all(&self.read)
            .await?;
        Ok(ids.into_iter().map(RoomId::from_uuid).collect())
    }

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

/// Each subquery is one step in an index, however long the room's history is.
const SUMMARIES: &str = "
    SELECT r.id, r.title, ms.joined_at, m.seq, m.text, m.posted_at,
        (SELECT COUNT(*) FROM
            (SELECT 1 FROM messages u
             WHERE u.room_id = r.id AND u.seq > ms.last_read_seq AND u.author_id <> ms.person_id
             LIMIT $2) AS others) AS unread
    FROM memberships ms
    JOIN rooms r ON r.id = ms.room_id
    LEFT JOIN messages m
        ON m.room_id = r.id AND m.seq = (SELECT MAX(seq) FROM messages WHERE room_id = r.id)
    WHERE ms.person_id = $1
    ORDER BY COALESCE(m.posted_at, ms.joined_at) DESC, r.id";

fn summary(row: &QueryResult) -> Result<RoomSummary> {
    let joined_at: i64 = row.try_get("", "joined_at")?;
    let posted_at: Option<i64> = row.try_get("", "posted_at")?;
    let title: String = row.try_get("", "title")?;
    let unread: i64 = row.try_get("", "unread")?;
    Ok(RoomSummary {
        id: RoomId::from_uuid(row.try_get("", "id")?),
        title: stored(RoomTitle::parse(&title), "title")?,
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

fn membership(room: Uuid, person: PersonId, rev: i64, at: Millis) -> memberships::ActiveModel {
    memberships::ActiveModel {
        room_id: Set(room),
        person_id: Set(person.uuid()),
        rev: Set(rev),
        joined_at: Set(at.0),
        last_read_seq: Set(rev),
        profile_id: Set(None),
    }
}

/// Takes the next `count` numbers of a room and answers the last. None when there is no such room.
pub(crate) async fn advance(
    transaction: &DatabaseTransaction,
    room: RoomId,
    count: i64,
) -> Result<Option<i64>> {
    let take = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        "UPDATE rooms SET head = head + $1 WHERE id = $2 RETURNING head",
        [count.into(), room.uuid().into()],
    );
    let row = transaction.query_one_raw(take).await?;
    Ok(row.map(|row| row.try_get("", "head")).transpose()?)
}

impl rooms::Model {
    pub(crate) fn room_title(&self) -> Result<RoomTitle> {
        stored(RoomTitle::parse(&self.title), "title")
    }

    pub(crate) fn room(&self) -> Result<Room> {
        let title = self.room_title()?;
        Ok(Room { id: RoomId::from_uuid(self.id), title, rev: Rev(self.rev) })
    }
}
