//! Deleting an account: what was said stays, under nobody's name; everything else of the person goes. All of
//! it is one transaction, in which each of their rooms takes its numbers.

use crate::{
    Result, Store,
    account::{end_sessions, is_here},
    entities::{memberships, people, profiles, rooms},
    events::happened,
    house::administrators,
    memberships::{Change, State, change_in, put, standing, told},
    profiles::tell_rooms,
    rooms::{advance, close},
    second_step::forget_second_step,
};
use domain::{
    clock::Millis,
    events::What,
    house::HouseRole,
    ids::{PersonId, PictureId, RoomId, SessionId},
    memberships::Role,
    policy::Standing,
    wire::Batch,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, Statement, sea_query::Expr,
};
use uuid::Uuid;

/// What has to be told, and taken away, once somebody has deleted their account.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Deleted {
    pub sessions: Vec<SessionId>,
    /// The rooms in which they were.
    pub parted: Vec<RoomId>,
    /// Those of them in which nobody else was.
    pub closed: Vec<RoomId>,
    /// What the other rooms are told, in this order.
    pub batches: Vec<Batch>,
    /// Pictures that no profile has any more.
    pub pictures: Vec<PictureId>,
}

/// What became of somebody who wants to leave for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deletion {
    Done(Deleted),
    /// There is nobody of this id, or they have left before.
    Nobody,
    /// The password is no longer the one that was checked.
    PasswordChanged,
    /// Nobody would be left who looks after the others.
    LastAdministrator,
}

impl Store {
    pub async fn delete_person(
        &self,
        person: PersonId,
        at: Millis,
        checked_hash: &str,
    ) -> Result<Deletion> {
        let transaction = self.begin_write().await?;
        let find = people::Entity::find().filter(is_here(person));
        let Some(row) = find.one(&transaction).await? else { return Ok(Deletion::Nobody) };
        if row.password_hash != checked_hash {
            return Ok(Deletion::PasswordChanged);
        }
        let pictures = strip(&transaction, person, at).await?;
        let others = people::Entity::find().filter(people::Column::DeletedAt.is_null());
        if administrators(&transaction).await? == 0 && others.one(&transaction).await?.is_some() {
            return Ok(Deletion::LastAdministrator);
        }
        take_back_invitations(&transaction, person).await?;
        let sessions = end_sessions(&transaction, person, None).await?;
        forget_second_step(&transaction, person).await?;
        let mut deleted = Deleted { sessions, pictures, ..Deleted::default() };
        for (room, state) in rooms_of(&transaction, person).await? {
            if state == State::In.code() {
                part(&transaction, person, room, at, &mut deleted).await?;
            } else {
                // They are long gone from it, but their old lines have had a name.
                let batches = tell_rooms(&transaction, person, vec![room.uuid()]).await?;
                deleted.batches.extend(batches);
            }
        }
        transaction.commit().await?;
        self.leftovers.are_in_the_log();
        Ok(Deletion::Done(deleted))
    }
}

/// Leaves of the person what others refer to: one profile without a name, under an id that no request on
/// its way can know. Their address is free again: what stands in its place is none. Answers the pictures.
async fn strip(
    transaction: &DatabaseTransaction,
    person: PersonId,
    at: Millis,
) -> Result<Vec<PictureId>> {
    let theirs = profiles::Column::PersonId.eq(person.uuid());
    let pictures = profiles::Entity::find()
        .select_only()
        .column(profiles::Column::PictureId)
        .filter(theirs.clone())
        .filter(profiles::Column::PictureId.is_not_null())
        .into_tuple::<Uuid>()
        .all(transaction)
        .await?;
    let empty = Uuid::now_v7();
    let row = profiles::ActiveModel {
        id: Set(empty),
        person_id: Set(person.uuid()),
        name: Set(String::new()),
        picture_id: Set(None),
        created_at: Set(at.0),
        ..profiles::ActiveModel::default()
    };
    profiles::Entity::insert(row).exec_without_returning(transaction).await?;
    people::Entity::update_many()
        .col_expr(people::Column::Email, Expr::value(person.to_string()))
        .col_expr(people::Column::AddressKey, Expr::value(None::<String>))
        .col_expr(people::Column::PasswordHash, Expr::value(""))
        .col_expr(people::Column::DefaultProfileId, Expr::value(empty))
        .col_expr(people::Column::Language, Expr::value(None::<String>))
        .col_expr(people::Column::Theme, Expr::value(None::<String>))
        .col_expr(people::Column::DeletedAt, Expr::value(at.0))
        .col_expr(people::Column::Role, Expr::value(HouseRole::Member.code()))
        .filter(people::Column::Id.eq(person.uuid()))
        .exec(transaction)
        .await?;
    memberships::Entity::update_many()
        .col_expr(memberships::Column::ProfileId, Expr::value(None::<Uuid>))
        .filter(memberships::Column::PersonId.eq(person.uuid()))
        .exec(transaction)
        .await?;
    let others = profiles::Entity::delete_many().filter(theirs);
    others.filter(profiles::Column::Id.ne(empty)).exec(transaction).await?;
    Ok(pictures.into_iter().map(PictureId::from_uuid).collect())
}

/// Those by the person and those to them, their links, the link by which they choose a password, what they were
/// told about their account, and what their forms have made.
async fn take_back_invitations(transaction: &DatabaseTransaction, person: PersonId) -> Result<()> {
    for sql in [
        "DELETE FROM invitations WHERE by_id = $1 OR person_id = $1",
        "DELETE FROM invitation_links WHERE by_id = $1",
        "DELETE FROM resets WHERE person_id = $1",
        "DELETE FROM notices WHERE user_id = $1",
        "DELETE FROM form_submissions WHERE user_id = $1",
    ] {
        let backend = transaction.get_database_backend();
        let delete = Statement::from_sql_and_values(backend, sql, [person.uuid().into()]);
        transaction.execute_raw(delete).await?;
    }
    Ok(())
}

/// The rooms that the person is or was in and that have not been closed, with what they are there.
async fn rooms_of(
    transaction: &DatabaseTransaction,
    person: PersonId,
) -> Result<Vec<(RoomId, String)>> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::PersonId.eq(person.uuid()))
        .all(transaction)
        .await?;
    let open = rooms::Entity::find()
        .select_only()
        .column(rooms::Column::Id)
        .filter(rooms::Column::Id.is_in(rows.iter().map(|row| row.room_id)))
        .filter(rooms::Column::ClosedAt.is_null())
        .into_tuple::<Uuid>()
        .all(transaction)
        .await?;
    let open = rows.into_iter().filter(|row| open.contains(&row.room_id));
    Ok(open.map(|row| (RoomId::from_uuid(row.room_id), row.state)).collect())
}

/// Takes the person out of a room; if it was theirs alone, whoever has kept order in it for longest has it
/// from now on.
async fn part(
    transaction: &DatabaseTransaction,
    person: PersonId,
    room: RoomId,
    at: Millis,
    deleted: &mut Deleted,
) -> Result<()> {
    deleted.parted.push(room);
    let Some((heir, has_owner)) = heir(transaction, room, person).await? else {
        close(transaction, room, at).await?;
        deleted.closed.push(room);
        return Ok(());
    };
    let owns = standing(transaction, room, person).await? == Standing::In(Role::Owner);
    if owns && !has_owner {
        deleted.batches.extend(inherit(transaction, room, person, heir, at).await?);
    }
    let change = Change { room, person, by: person, becomes: Standing::Left, at };
    deleted.batches.extend(change_in(transaction, change).await?);
    Ok(())
}

/// Who else in the room comes first: owners, then moderators, then as they came, and whether they own it
/// already. The suspended come last: one of them has the room only when there are no others, so that it has an
/// owner again once the suspension is lifted. None when no one else is in.
async fn heir(
    transaction: &DatabaseTransaction,
    room: RoomId,
    person: PersonId,
) -> Result<Option<(PersonId, bool)>> {
    let ask = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        HEIR,
        [room.uuid().into(), person.uuid().into()],
    );
    let Some(row) = transaction.query_one_raw(ask).await? else { return Ok(None) };
    let role: String = row.try_get("", "role")?;
    let heir = PersonId::from_uuid(row.try_get("", "person_id")?);
    Ok(Some((heir, role == Role::Owner.code())))
}

const HEIR: &str = "
    SELECT ms.person_id, ms.role FROM memberships ms JOIN people p ON p.id = ms.person_id
    WHERE ms.room_id = $1 AND ms.person_id <> $2 AND ms.state = 'in'
    ORDER BY p.suspended_at IS NOT NULL,
        CASE ms.role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END, ms.joined_at, ms.person_id
    LIMIT 1";

async fn inherit(
    transaction: &DatabaseTransaction,
    room: RoomId,
    from: PersonId,
    heir: PersonId,
    at: Millis,
) -> Result<Option<Batch>> {
    let Some(rev) = advance(transaction, room, 1).await? else { return Ok(None) };
    let before = standing(transaction, room, heir).await?;
    let becomes = Standing::In(Role::Owner);
    let change = Change { room, person: heir, by: from, becomes, at };
    put(transaction, change, before, rev).await?;
    let event = happened(rev, at, What::HandedOver, from, heir);
    told(transaction, room, rev - 1, rev, Some(event)).await.map(Some)
}
