//! A room's numbers. Every change to a room's messages, events, memberships or own record takes the next number here,
//! in the transaction that makes it; no other module allocates one.
//!
//! A room is opened first, which locks its row until the transaction ends. Then each change is recorded, and in the
//! end [`RoomFeed::finish`] writes the counter back and answers what the room has to be told.

use crate::{
    Committed, Result,
    changes::members_after,
    entities::{memberships, rooms},
    events,
    memberships::{MembershipChange, membership, upsert},
    messages::{NewMessage, insert_all},
    rooms::RoomDetails,
};
use domain::{
    clock::Millis,
    events::{Event, EventKind},
    ids::{AvatarId, RoomId, UserId},
    memberships::Role,
    messages::{Message, Rev, Seq},
    name_keys::NameKeys,
    policy::MembershipStatus,
    rooms::{Member, Room, RoomKind},
    wire::{ChangeSet, MAX_CHANGE_SET_BYTES},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

/// A room that is being changed.
#[derive(Debug)]
pub(crate) struct RoomFeed<'t> {
    transaction: &'t DatabaseTransaction,
    room: RoomId,
    row: rooms::Model,
    /// The number of the latest change before this transaction.
    after: Rev,
    /// The number of the latest change of this transaction.
    head: i64,
    messages: Vec<Message>,
    events: Vec<Event>,
    has_member_changes: bool,
    details: Option<Room>,
}

/// What is changed in a room's own record.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RoomChange<'a> {
    Details(&'a RoomDetails),
    Avatar(Option<AvatarId>),
    /// Closes the room for ever.
    Closed(Millis),
}

impl<'t> RoomFeed<'t> {
    /// Opens a room and locks its row, so that it is the first statement of whatever decides by what the room holds.
    /// None when there is no such room, or it has been closed.
    pub async fn open(transaction: &'t DatabaseTransaction, room: RoomId) -> Result<Option<Self>> {
        let find = rooms::Entity::find_by_id(room.uuid()).filter(rooms::Column::ClosedAt.is_null());
        // SQLite knows no lock of a row and needs none: every write transaction there begins IMMEDIATE.
        let row = find.lock_exclusive().one(transaction).await?;
        Ok(row.map(|row| Self {
            transaction,
            room,
            after: Rev(row.head),
            head: row.head,
            row,
            messages: Vec::new(),
            events: Vec::new(),
            has_member_changes: false,
            details: None,
        }))
    }

    /// The room as it was when it was opened.
    pub const fn row(&self) -> &rooms::Model {
        &self.row
    }

    const fn next(&mut self) -> i64 {
        self.head += 1;
        self.head
    }

    /// Stores messages, each at the next number, in this order.
    pub async fn record_messages(&mut self, new: &[&NewMessage]) -> Result<Vec<Message>> {
        let messages: Vec<_> = new.iter().map(|new| new.numbered(self.next())).collect();
        insert_all(self.transaction, new, &messages).await?;
        self.messages.extend_from_slice(&messages);
        Ok(messages)
    }

    /// Stores what a user is to the room from now on, in place of what they were before.
    pub async fn record_membership(
        &mut self,
        change: MembershipChange,
        before: MembershipStatus,
    ) -> Result<()> {
        let rev = self.next();
        self.has_member_changes = true;
        upsert(self.transaction, change, before, rev).await
    }

    /// Stores an event, which has the number of the change that it tells of: the latest one.
    pub async fn record_event(
        &mut self,
        at: Millis,
        kind: EventKind,
        actor: UserId,
        target: UserId,
    ) -> Result<()> {
        let event = Event { seq: Seq(self.head), at, kind, actor, target };
        self.events.push(event);
        events::insert(self.transaction, self.room, event).await
    }

    /// The room sees a user's profile otherwise from now on.
    pub async fn record_profile(&mut self, user: UserId) -> Result<()> {
        let rev = self.next();
        self.has_member_changes = true;
        memberships::Entity::update_many()
            .col_expr(memberships::Column::Rev, Expr::value(rev))
            .filter(memberships::Column::RoomId.eq(self.room.uuid()))
            .filter(memberships::Column::UserId.eq(user.uuid()))
            .exec(self.transaction)
            .await?;
        Ok(())
    }

    /// Changes the room's own record.
    pub async fn record_room(&mut self, change: RoomChange<'_>) -> Result<()> {
        let rev = self.next();
        let mut room = match self.details.take() {
            Some(room) => room,
            None => self.row.room()?,
        };
        let update = rooms::Entity::update_many().col_expr(rooms::Column::Rev, Expr::value(rev));
        let update = match change {
            RoomChange::Details(details) => {
                let RoomDetails { visibility, title, description } = details;
                room = Room { kind: (*visibility).into(), title: Some(title.clone()), ..room };
                let keys = NameKeys::of(title.as_str());
                update
                    .col_expr(rooms::Column::Title, Expr::value(title.as_str()))
                    .col_expr(rooms::Column::HangulFirst, Expr::value(keys.hangul_first))
                    .col_expr(rooms::Column::LatinFirst, Expr::value(keys.latin_first))
                    .col_expr(rooms::Column::Initials, Expr::value(keys.initials))
                    .col_expr(rooms::Column::Description, Expr::value(description.as_str()))
                    .col_expr(rooms::Column::Kind, Expr::value(RoomKind::from(*visibility).code()))
            }
            RoomChange::Avatar(avatar) => {
                room.avatar = avatar;
                let avatar = avatar.map(AvatarId::uuid);
                update.col_expr(rooms::Column::AvatarId, Expr::value(avatar))
            }
            RoomChange::Closed(at) => update.col_expr(rooms::Column::ClosedAt, Expr::value(at.0)),
        };
        update.filter(rooms::Column::Id.eq(self.room.uuid())).exec(self.transaction).await?;
        self.details = Some(Room { rev: Rev(rev), ..room });
        Ok(())
    }

    /// Writes the counter back, and answers the change sets to publish after the commit, in the order of their
    /// numbers: none when nothing was recorded, several when there is more text than one may hold.
    pub async fn finish(self) -> Result<Vec<ChangeSet>> {
        if self.head == self.after.0 {
            return Ok(Vec::new());
        }
        rooms::Entity::update_many()
            .col_expr(rooms::Column::Head, Expr::value(self.head))
            .filter(rooms::Column::Id.eq(self.room.uuid()))
            .exec(self.transaction)
            .await?;
        let members = if self.has_member_changes {
            members_after(self.transaction, self.room, self.after, None).await?
        } else {
            Vec::new()
        };
        let mut sets = split_messages(self.room, self.after, Rev(self.head), self.messages);
        distribute(&mut sets, members, self.events, self.details);
        Ok(sets)
    }
}

/// Stores a new room with its first members: number 1 is the room's own, and each member takes the next. It has
/// no change set, since no client can have subscribed to it yet.
pub(crate) async fn create_room(
    transaction: &DatabaseTransaction,
    room: rooms::ActiveModel,
    id: Uuid,
    members: &[(UserId, Role)],
    at: Millis,
) -> Result<Committed> {
    let rows: Vec<_> = members
        .iter()
        .zip(2..)
        .map(|((user, role), rev)| membership(id, *user, *role, rev, at))
        .collect();
    let head = i64::try_from(members.len()).unwrap_or_default() + 1;
    let room = rooms::ActiveModel { id: Set(id), head: Set(head), rev: Set(1), ..room };
    rooms::Entity::insert(room).exec_without_returning(transaction).await?;
    memberships::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    let id = RoomId::from_uuid(id);
    let joined = members.iter().map(|(user, _)| (id, *user)).collect();
    Ok(Committed { created_rooms: vec![(id, Rev(head))], joined, ..Committed::default() })
}

/// Cuts `(after, through]` into change sets of at most [`MAX_CHANGE_SET_BYTES`] of text. Without messages it is one.
pub(crate) fn split_messages(
    room: RoomId,
    after: Rev,
    through: Rev,
    messages: Vec<Message>,
) -> Vec<ChangeSet> {
    let mut sets = vec![ChangeSet::empty(room, after, after)];
    let mut bytes = 0;
    for message in messages {
        let more = message.text.as_str().len();
        let is_full = bytes > 0 && bytes + more > MAX_CHANGE_SET_BYTES;
        if is_full {
            let after = sets.last().map_or(after, |set| set.through);
            sets.push(ChangeSet::empty(room, after, after));
            bytes = 0;
        }
        bytes += more;
        if let Some(set) = sets.last_mut() {
            set.through = message.rev;
            set.messages.push(message);
        }
    }
    if let Some(last) = sets.last_mut() {
        last.through = through;
    }
    sets
}

/// Puts everything that is no message into the change set that covers its number.
fn distribute(
    sets: &mut [ChangeSet],
    members: Vec<Member>,
    events: Vec<Event>,
    details: Option<Room>,
) {
    let mut covers = |rev: Rev, put: &mut dyn FnMut(&mut ChangeSet)| {
        if let Some(set) = sets.iter_mut().find(|set| rev <= set.through) {
            put(set);
        }
    };
    for member in members {
        covers(member.rev, &mut |set| set.members.push(member.clone()));
    }
    for event in events {
        covers(event.seq.into(), &mut |set| set.events.push(event));
    }
    if let Some(details) = details {
        covers(details.rev, &mut |set| set.details = Some(details.clone()));
    }
}
