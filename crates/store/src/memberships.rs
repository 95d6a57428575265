//! Who is in which room, and what they are there. Whatever changes a membership takes a number of the
//! room in the same transaction, and most of it leaves a line.

use crate::{
    Result, Store,
    account::is_here,
    changes::members_after,
    entities::{memberships, people, rooms},
    events,
    invitations::{forget_invitation, is_invited},
    rooms::{advance, close},
    stored,
};
use domain::{
    clock::Millis,
    events::{Event, What},
    ids::{PersonId, PictureId, RoomId},
    memberships::{Membership, Role},
    messages::{Rev, Seq},
    people::DisplayName,
    policy::Standing,
    rooms::RoomKind,
    wire::Batch,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryResult, Statement, sea_query::Expr,
};
use uuid::Uuid;

/// What a person is to a room, and what kind of room it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub standing: Standing,
    pub kind: RoomKind,
}

/// What was done about whose membership, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub room: RoomId,
    pub person: PersonId,
    pub by: PersonId,
    /// What the person is from now on.
    pub becomes: Standing,
    pub at: Millis,
}

/// What became of somebody who wants to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// They are gone; this is the change to tell the others.
    Gone(Batch),
    /// Nobody was left: the room is closed.
    Closed,
    /// Others are left, and no owner would be.
    LastOwner,
}

/// What became of a room that an owner wants to give away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandOver {
    Done(Batch),
    /// The one is no owner, or the other is not in.
    NotIn,
    /// The other is suspended: no owner would be left who can sign in.
    Suspended,
}

impl Store {
    /// What the person is to the room. None when there is no such room.
    pub async fn place(&self, room: RoomId, person: PersonId) -> Result<Option<Place>> {
        place_in(&self.read, room, person).await
    }

    /// Changes what a person is to a room. None when there is no such room, or they are that already.
    pub async fn change_membership(&self, change: Change) -> Result<Option<Batch>> {
        let transaction = self.begin_write().await?;
        self.quotas.allow_change(&transaction, change).await?;
        let told = change_in(&transaction, change).await?;
        transaction.commit().await?;
        Ok(told)
    }

    /// Lets a member go. The last one closes the room behind them. None when there is no such room.
    pub async fn leave_room(
        &self,
        room: RoomId,
        person: PersonId,
        at: Millis,
    ) -> Result<Option<Leaving>> {
        let transaction = self.begin_write().await?;
        let others = memberships::Entity::find()
            .filter(memberships::Column::RoomId.eq(room.uuid()))
            .filter(memberships::Column::PersonId.ne(person.uuid()))
            .filter(memberships::Column::State.eq(State::In.code()));
        let left = if others.count(&transaction).await? == 0 {
            close(&transaction, room, at).await?.then_some(Leaving::Closed)
        } else if standing(&transaction, room, person).await? == Standing::In(Role::Owner)
            && !has_acting_owner(&transaction, room, person).await?
        {
            return Ok(Some(Leaving::LastOwner));
        } else {
            let change = Change { room, person, by: person, becomes: Standing::Left, at };
            change_in(&transaction, change).await?.map(Leaving::Gone)
        };
        transaction.commit().await?;
        Ok(left)
    }

    /// Makes somebody an owner in the place of another, who keeps order from then on.
    pub async fn hand_over_room(
        &self,
        room: RoomId,
        from: PersonId,
        to: PersonId,
        at: Millis,
    ) -> Result<HandOver> {
        let transaction = self.begin_write().await?;
        let owner = standing(&transaction, room, from).await?;
        let heir = standing(&transaction, room, to).await?;
        if owner != Standing::In(Role::Owner) || !matches!(heir, Standing::In(_)) {
            return Ok(HandOver::NotIn);
        }
        let suspended = people::Entity::find_by_id(to.uuid());
        let suspended = suspended.filter(people::Column::SuspendedAt.is_not_null());
        if suspended.one(&transaction).await?.is_some() {
            return Ok(HandOver::Suspended);
        }
        if heir != owner {
            self.quotas.allow_owner(&transaction, to).await?;
        }
        let Some(rev) = advance(&transaction, room, 2).await? else {
            return Ok(HandOver::NotIn);
        };
        let becomes = |person, becomes| Change { room, person, by: from, becomes, at };
        let stays = becomes(from, Standing::In(Role::Moderator));
        put(&transaction, stays, owner, rev - 1).await?;
        put(&transaction, becomes(to, owner), heir, rev).await?;
        let event = Event { seq: Seq(rev), at, what: What::HandedOver, by: from, person: to };
        let batch = told(&transaction, room, rev - 2, rev, Some(event)).await?;
        transaction.commit().await?;
        Ok(HandOver::Done(batch))
    }

    /// Everybody who is in, owners first, then as they came.
    pub async fn members_of(&self, room: RoomId) -> Result<Vec<Membership>> {
        self.memberships(room, State::In).await
    }

    /// Everybody who may not come in.
    pub async fn banned_from(&self, room: RoomId) -> Result<Vec<Membership>> {
        self.memberships(room, State::Banned).await
    }

    async fn memberships(&self, room: RoomId, state: State) -> Result<Vec<Membership>> {
        let ask = Statement::from_sql_and_values(
            self.read.get_database_backend(),
            MEMBERSHIPS,
            [room.uuid().into(), state.code().into()],
        );
        self.read.query_all_raw(ask).await?.iter().map(as_membership).collect()
    }
}

const MEMBERSHIPS: &str = "
    SELECT ms.person_id, ms.role, f.name, f.picture_id
    FROM memberships ms
    JOIN people p ON p.id = ms.person_id AND p.deleted_at IS NULL
    JOIN profiles f ON f.id = COALESCE(ms.profile_id, p.default_profile_id)
    WHERE ms.room_id = $1 AND ms.state = $2
    ORDER BY CASE ms.role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END,
        ms.joined_at, ms.person_id";

fn as_membership(row: &QueryResult) -> Result<Membership> {
    let (name, role): (String, String) = (row.try_get("", "name")?, row.try_get("", "role")?);
    let picture: Option<Uuid> = row.try_get("", "picture_id")?;
    Ok(Membership {
        person: PersonId::from_uuid(row.try_get("", "person_id")?),
        name: stored(DisplayName::parse(&name), "name")?,
        picture: picture.map(PictureId::from_uuid),
        role: stored(Role::from_code(&role).ok_or(()), "role")?,
    })
}

/// Whoever is in, or may not come in, is no longer invited.
pub(crate) async fn change_in(
    transaction: &DatabaseTransaction,
    change: Change,
) -> Result<Option<Batch>> {
    let Change { room, person, by, becomes, at } = change;
    let before = standing(transaction, room, person).await?;
    if before == becomes {
        return Ok(None);
    }
    let comes_in = matches!(becomes, Standing::In(_));
    if comes_in && people::Entity::find().filter(is_here(person)).one(transaction).await?.is_none()
    {
        return Ok(None);
    }
    let Some(rev) = advance(transaction, room, 1).await? else { return Ok(None) };
    put(transaction, change, before, rev).await?;
    if matches!(becomes, Standing::In(_) | Standing::Banned) {
        forget_invitation(transaction, room, person).await?;
    }
    let event = line(before, becomes).map(|what| Event { seq: Seq(rev), at, what, by, person });
    told(transaction, room, rev - 1, rev, event).await.map(Some)
}

/// What the person is to the room, an invitation that they have not answered included.
pub(crate) async fn place_in(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
) -> Result<Option<Place>> {
    let Some(row) = open_room(db, room).await? else { return Ok(None) };
    let mut standing = standing(db, room, person).await?;
    let may_be_invited = !matches!(standing, Standing::In(_) | Standing::Banned);
    if may_be_invited && is_invited(db, room, person).await? {
        standing = Standing::Invited;
    }
    Ok(Some(Place { standing, kind: row.room_kind()? }))
}

/// Whether the room has another owner, who can sign in.
async fn has_acting_owner(
    transaction: &DatabaseTransaction,
    room: RoomId,
    besides: PersonId,
) -> Result<bool> {
    let ask = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        "SELECT 1 FROM memberships ms JOIN people p ON p.id = ms.person_id AND p.suspended_at IS NULL
         WHERE ms.room_id = $1 AND ms.person_id <> $2 AND ms.state = 'in' AND ms.role = 'owner'",
        [room.uuid().into(), besides.uuid().into()],
    );
    Ok(transaction.query_one_raw(ask).await?.is_some())
}

/// The row of a room that has not been closed.
pub(crate) async fn open_room(
    db: &impl ConnectionTrait,
    room: RoomId,
) -> Result<Option<rooms::Model>> {
    let find = rooms::Entity::find_by_id(room.uuid()).filter(rooms::Column::ClosedAt.is_null());
    Ok(find.one(db).await?)
}

pub(crate) async fn standing(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
) -> Result<Standing> {
    let key = (room.uuid(), person.uuid());
    let row = memberships::Entity::find_by_id(key).one(db).await?;
    row.map_or(Ok(Standing::Stranger), |row| row.standing())
}

/// Writes down what the person is from now on. Who comes in has read what was there.
pub(crate) async fn put(
    transaction: &DatabaseTransaction,
    change: Change,
    before: Standing,
    rev: i64,
) -> Result<()> {
    let Change { room, person, becomes, at, .. } = change;
    let (state, role) = columns(becomes);
    if before == Standing::Stranger {
        let row = memberships::ActiveModel {
            state: Set(state.code().to_owned()),
            ..membership(room.uuid(), person, role, rev, at)
        };
        memberships::Entity::insert(row).exec_without_returning(transaction).await?;
        return Ok(());
    }
    let mut update = memberships::Entity::update_many()
        .col_expr(memberships::Column::State, Expr::value(state.code()))
        .col_expr(memberships::Column::Role, Expr::value(role.code()))
        .col_expr(memberships::Column::Rev, Expr::value(rev));
    if state == State::In && !matches!(before, Standing::In(_)) {
        update = update
            .col_expr(memberships::Column::JoinedAt, Expr::value(at.0))
            .col_expr(memberships::Column::LastReadSeq, Expr::value(rev));
    }
    update
        .filter(memberships::Column::RoomId.eq(room.uuid()))
        .filter(memberships::Column::PersonId.eq(person.uuid()))
        .exec(transaction)
        .await?;
    Ok(())
}

/// The line that a change leaves, if it leaves one.
const fn line(before: Standing, becomes: Standing) -> Option<What> {
    match (before, becomes) {
        (Standing::In(_), Standing::In(_)) => None,
        (_, Standing::In(_)) => Some(What::Entered),
        (Standing::In(_), Standing::Left) => Some(What::Left),
        (Standing::In(_), Standing::Removed) => Some(What::Removed),
        (_, Standing::Banned) => Some(What::Banned),
        _ => None,
    }
}

/// What the room is told of the numbers in (after, through], which are this transaction's own.
pub(crate) async fn told(
    transaction: &DatabaseTransaction,
    room: RoomId,
    after: i64,
    through: i64,
    event: Option<Event>,
) -> Result<Batch> {
    if let Some(event) = event {
        events::insert(transaction, room, event).await?;
    }
    let members = members_after(transaction, room, Rev(after), None).await?;
    let events = event.into_iter().collect();
    Ok(Batch { members, events, ..Batch::empty(room, Rev(after), Rev(through)) })
}

/// What the database calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    In,
    Left,
    Removed,
    Banned,
}

impl State {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Left => "left",
            Self::Removed => "removed",
            Self::Banned => "banned",
        }
    }
}

/// Whoever is not in has no role; the column has the least of them.
const fn columns(standing: Standing) -> (State, Role) {
    match standing {
        Standing::In(role) => (State::In, role),
        Standing::Left | Standing::Stranger | Standing::Invited => (State::Left, Role::Member),
        Standing::Removed => (State::Removed, Role::Member),
        Standing::Banned => (State::Banned, Role::Member),
    }
}

impl memberships::Model {
    fn standing(&self) -> Result<Standing> {
        Ok(match self.state.as_str() {
            "in" => Standing::In(stored(Role::from_code(&self.role).ok_or(()), "role")?),
            "left" => Standing::Left,
            "removed" => Standing::Removed,
            "banned" => Standing::Banned,
            _ => return Err(crate::Error::Corrupt { what: "membership" }),
        })
    }
}

/// Somebody's place in a room from now on.
pub(crate) fn membership(
    room: Uuid,
    person: PersonId,
    role: Role,
    rev: i64,
    at: Millis,
) -> memberships::ActiveModel {
    memberships::ActiveModel {
        room_id: Set(room),
        person_id: Set(person.uuid()),
        rev: Set(rev),
        joined_at: Set(at.0),
        last_read_seq: Set(rev),
        profile_id: Set(None),
        role: Set(role.code().to_owned()),
        state: Set(State::In.code().to_owned()),
    }
}
