//! Rooms: made, arranged, closed, found.

use crate::{
    Error, Result, Store,
    entities::{memberships, rooms},
    events,
    memberships::{membership, open_room},
    stored,
    submissions::{Submission, made_before, record},
};
use domain::{
    clock::Millis,
    events::{Event, What},
    ids::{PersonId, PictureId, RoomId},
    memberships::Role,
    messages::{Rev, Seq},
    name_keys::NameKeys,
    rooms::{Access, Description, Door, Room, RoomKind, RoomTitle},
    wire::Batch,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QuerySelect, Statement, sea_query::Expr,
};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewRoom {
    pub title: RoomTitle,
    pub access: Access,
    pub by: PersonId,
    pub at: Millis,
    /// The form that makes it; sent again, it is answered with the room that it has made.
    pub submission: Option<Submission>,
}

/// What a room with a title says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    pub access: Access,
    pub title: RoomTitle,
    pub description: Description,
}

/// A room with another picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pictured {
    pub batch: Batch,
    /// The picture that the room no longer has.
    pub unused: Option<PictureId>,
}

impl Store {
    /// Makes a room with its maker in it, who owns it.
    pub async fn create_room(&self, new: NewRoom) -> Result<RoomId> {
        // Random rather than time-ordered: people tell rooms apart by the first eight characters.
        let id = Uuid::new_v4();
        let transaction = self.begin_write().await?;
        if let Some(made) = made_before(&transaction, new.submission).await? {
            return Ok(RoomId::from_uuid(made));
        }
        self.quotas.allow_room(&transaction, new.by, new.at).await?;
        let NameKeys { hangul_first, latin_first, initials } = NameKeys::of(new.title.as_str());
        let room = rooms::ActiveModel {
            title: Set(new.title.as_str().to_owned()),
            hangul_first: Set(hangul_first),
            latin_first: Set(latin_first),
            initials: Set(initials),
            ..new_room(id, new.access.into(), new.by, 2, new.at)
        };
        rooms::Entity::insert(room).exec_without_returning(&transaction).await?;
        let maker = membership(id, new.by, Role::Owner, 2, new.at);
        memberships::Entity::insert(maker).exec_without_returning(&transaction).await?;
        record(&transaction, new.submission, id, new.at).await?;
        transaction.commit().await?;
        Ok(RoomId::from_uuid(id))
    }

    /// What a room says of itself. None when there is no such room, or it has no title of its own.
    pub async fn arrangement(&self, room: RoomId) -> Result<Option<Arrangement>> {
        let row = open_room(&self.read, room).await?;
        Ok(row.map(|row| row.arrangement()).transpose()?.flatten())
    }

    /// Changes what a room says of itself. None when there is no such room, or it says that already.
    pub async fn arrange_room(
        &self,
        room: RoomId,
        by: PersonId,
        now: &Arrangement,
        at: Millis,
    ) -> Result<Option<Batch>> {
        let transaction = self.begin_write().await?;
        let row = open_room(&transaction, room).await?;
        let Some(row) = row else { return Ok(None) };
        let before = row.arrangement()?.filter(|before| before != now);
        let Some(before) = before else { return Ok(None) };
        let rev = advance(&transaction, room, 1).await?.ok_or(Error::Corrupt { what: "room" })?;
        let keys = NameKeys::of(now.title.as_str());
        rooms::Entity::update_many()
            .col_expr(rooms::Column::Title, Expr::value(now.title.as_str()))
            .col_expr(rooms::Column::HangulFirst, Expr::value(keys.hangul_first))
            .col_expr(rooms::Column::LatinFirst, Expr::value(keys.latin_first))
            .col_expr(rooms::Column::Initials, Expr::value(keys.initials))
            .col_expr(rooms::Column::Description, Expr::value(now.description.as_str()))
            .col_expr(rooms::Column::Kind, Expr::value(RoomKind::from(now.access).code()))
            .col_expr(rooms::Column::Rev, Expr::value(rev))
            .filter(rooms::Column::Id.eq(room.uuid()))
            .exec(&transaction)
            .await?;
        let mut batch = Batch::empty(room, Rev(rev - 1), Rev(rev));
        if before.title != now.title {
            let (seq, what) = (Seq(rev), What::Retitled);
            let event = Event { seq, at, what, by, person: by };
            events::insert(&transaction, room, event).await?;
            batch.events.push(event);
        }
        transaction.commit().await?;
        let (kind, title) = (now.access.into(), Some(now.title.clone()));
        batch.about = Some(Room { kind, title, rev: Rev(rev), ..row.room()? });
        Ok(Some(batch))
    }

    /// Gives a room a picture, or takes it away. None when there is no such room, or it has no title of its
    /// own.
    pub async fn picture_room(
        &self,
        room: RoomId,
        picture: Option<PictureId>,
    ) -> Result<Option<Pictured>> {
        let transaction = self.begin_write().await?;
        let Some(row) = open_room(&transaction, room).await? else { return Ok(None) };
        if row.arrangement()?.is_none() {
            return Ok(None);
        }
        let rev = advance(&transaction, room, 1).await?.ok_or(Error::Corrupt { what: "room" })?;
        rooms::Entity::update_many()
            .col_expr(rooms::Column::PictureId, Expr::value(picture.map(PictureId::uuid)))
            .col_expr(rooms::Column::Rev, Expr::value(rev))
            .filter(rooms::Column::Id.eq(room.uuid()))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        let mut batch = Batch::empty(room, Rev(rev - 1), Rev(rev));
        let before = row.room()?;
        let unused = before.picture;
        batch.about = Some(Room { picture, rev: Rev(rev), ..before });
        Ok(Some(Pictured { batch, unused }))
    }

    /// The room's picture, if it has one.
    pub async fn room_picture(&self, room: RoomId) -> Result<Option<PictureId>> {
        let row = open_room(&self.read, room).await?;
        Ok(row.and_then(|row| row.picture_id).map(PictureId::from_uuid))
    }

    /// Closes a room for ever. Its rows stay, out of everybody's reach. False when there is no such room.
    pub async fn close_room(&self, room: RoomId, at: Millis) -> Result<bool> {
        let transaction = self.begin_write().await?;
        let closed = close(&transaction, room, at).await?;
        transaction.commit().await?;
        Ok(closed)
    }

    /// What this person sees of the room from outside. None when there is no such room, or it has no title.
    pub async fn door(&self, room: RoomId, person: PersonId) -> Result<Option<Door>> {
        let row = open_room(&self.read, room).await?;
        let Some(row) = row else { return Ok(None) };
        let Some(arrangement) = row.arrangement()? else { return Ok(None) };
        let inside = memberships::Entity::find()
            .filter(memberships::Column::RoomId.eq(room.uuid()))
            .filter(memberships::Column::State.eq("in"));
        let members = inside.count(&self.read).await?;
        let Arrangement { title, description, .. } = arrangement;
        let invited_by = self.inviter(room, person).await?;
        let picture = row.picture_id.map(PictureId::from_uuid);
        Ok(Some(Door { id: room, title, description, picture, members, invited_by }))
    }

    /// The rooms that the person is in.
    pub async fn room_ids_of(&self, person: PersonId) -> Result<Vec<RoomId>> {
        let ids = memberships::Entity::find()
            .select_only()
            .column(memberships::Column::RoomId)
            .filter(memberships::Column::PersonId.eq(person.uuid()))
            .filter(memberships::Column::State.eq("in"))
            .into_tuple::<Uuid>()
            .all(&self.read)
            .await?;
        Ok(ids.into_iter().map(RoomId::from_uuid).collect())
    }
}

/// A room's row without a title.
pub(crate) fn new_room(
    id: Uuid,
    kind: RoomKind,
    by: PersonId,
    head: i64,
    at: Millis,
) -> rooms::ActiveModel {
    rooms::ActiveModel {
        id: Set(id),
        title: Set(String::new()),
        head: Set(head),
        rev: Set(1),
        created_by: Set(by.uuid()),
        created_at: Set(at.0),
        kind: Set(kind.code().to_owned()),
        description: Set(String::new()),
        closed_at: Set(None),
        picture_id: Set(None),
        ..rooms::ActiveModel::default()
    }
}

/// False when there is no such room.
pub(crate) async fn close(
    transaction: &DatabaseTransaction,
    room: RoomId,
    at: Millis,
) -> Result<bool> {
    let Some(rev) = advance(transaction, room, 1).await? else { return Ok(false) };
    rooms::Entity::update_many()
        .col_expr(rooms::Column::ClosedAt, Expr::value(at.0))
        .col_expr(rooms::Column::Rev, Expr::value(rev))
        .filter(rooms::Column::Id.eq(room.uuid()))
        .exec(transaction)
        .await?;
    Ok(true)
}

/// Takes the next `count` numbers of a room and answers the last. None when there is no such room, or it
/// has been closed.
pub(crate) async fn advance(
    transaction: &DatabaseTransaction,
    room: RoomId,
    count: i64,
) -> Result<Option<i64>> {
    let take = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        "UPDATE rooms SET head = head + $1 WHERE id = $2 AND closed_at IS NULL RETURNING head",
        [count.into(), room.uuid().into()],
    );
    let row = transaction.query_one_raw(take).await?;
    Ok(row.map(|row| row.try_get("", "head")).transpose()?)
}

impl rooms::Model {
    pub(crate) fn room_kind(&self) -> Result<RoomKind> {
        stored(RoomKind::from_code(&self.kind).ok_or(()), "kind")
    }

    /// None of a one-to-one room: it has nothing of its own to say.
    fn arrangement(&self) -> Result<Option<Arrangement>> {
        let access = match self.room_kind()? {
            RoomKind::Open => Access::Open,
            RoomKind::Private => Access::Private,
            RoomKind::Direct => return Ok(None),
        };
        let title = stored(RoomTitle::parse(&self.title), "title")?;
        let description = stored(Description::parse(&self.description), "description")?;
        Ok(Some(Arrangement { access, title, description }))
    }

    pub(crate) fn room(&self) -> Result<Room> {
        let title = self.arrangement()?.map(|arrangement| arrangement.title);
        let (id, rev) = (RoomId::from_uuid(self.id), Rev(self.rev));
        let picture = self.picture_id.map(PictureId::from_uuid);
        Ok(Room { id, kind: self.room_kind()?, title, picture, rev })
    }
}
