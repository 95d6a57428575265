//! Creating, finding, changing and closing rooms.

use crate::{
    Actor, Chat, MapStoreError, RoomPage, Subscription, limits::RateLimit, submissions::submission,
    users::name_query,
};
use domain::{
    admin::ADMIN_PER_PAGE,
    collation::ScriptFirst,
    error::{AppError, Field, FieldErrors, What},
    history::PageAnchor,
    ids::{ClientId, RoomId},
    pagination::Paginated,
    policy::{Action, MembershipStatus, allowed, check},
    room_view::RoomView,
    rooms::{
        Description, ListedRoom, OPEN_ROOMS_PER_PAGE, RoomKind, RoomSettings, RoomSummary,
        RoomTitle, Visibility,
    },
    text::compose,
};
use std::sync::Arc;
use store::{NewRoom, PageQuery, RoomDetails};

/// What a room is to say of itself, as typed.
#[derive(Debug, Clone)]
pub struct UpdateRoom {
    pub title: String,
    pub description: String,
    pub visibility: Visibility,
}

impl Chat {
    /// Makes a room and lets its maker in. Sent again under the same id it is the room that was made then.
    pub async fn create_room(
        &self,
        actor: &Actor,
        client_id: Option<ClientId>,
        title: &str,
        visibility: Visibility,
    ) -> Result<RoomId, AppError> {
        let title = RoomTitle::parse(&compose(title))
            .map_err(|error| AppError::invalid(Field::Title, error))?;
        let content = ["room", title.as_str(), RoomKind::from(visibility).code()];
        let submission = submission(actor, client_id, &content);
        if let Some(made) = self.find_submitted(submission).await? {
            return Ok(RoomId::from_uuid(made));
        }
        self.limits.room(actor.user())?;
        let new = NewRoom { title, visibility, by: actor.user(), at: self.now(), submission };
        self.run_to_completion(move |chat| async move {
            let (room, committed) = chat.store.create_room(new).await.map_store_error()?;
            chat.publish(committed).await;
            Ok(room)
        })
        .await
    }

    /// The rooms that the person is in, the one with the newest activity first.
    pub async fn rooms(&self, actor: &Actor) -> Result<Vec<RoomSummary>, AppError> {
        self.read_list(actor.user()).await
    }

    /// A page of the open rooms whose title holds what was typed, in the reader's order. Pages count from
    /// 1; one past the end is the last.
    pub async fn open_rooms(
        &self,
        actor: &Actor,
        typed: &str,
        page: usize,
        first: ScriptFirst,
    ) -> Result<Paginated<ListedRoom>, AppError> {
        self.limits.read_list(actor.user())?;
        let (typed, query) = name_query(typed);
        let of = PageQuery { query: &query, page, per_page: OPEN_ROOMS_PER_PAGE };
        let rooms = self.store.open_rooms(actor.user(), of, first).await.map_store_error()?;
        Ok(rooms.for_query(typed))
    }

    /// What a room's page shows: to members a page of its history, to others a preview.
    pub async fn view_room(
        &self,
        actor: &Actor,
        room: RoomId,
        anchor: PageAnchor,
    ) -> Result<RoomView<Arc<RoomPage>>, AppError> {
        let access = self.access(actor, room, RateLimit::ReadRoom).await?;
        if allowed(Action::Read, access.status, access.kind) {
            return self.read_page(room, anchor).await.map(RoomView::Joined);
        }
        check(Action::Preview, access.status, access.kind)?;
        let preview = self.store.room_preview(room, actor.user()).await.map_store_error()?;
        preview.map(RoomView::Preview).ok_or(AppError::NotFound(What::Room))
    }

    /// What a room says of itself, and a page of those in it whose name holds what was typed. A one-to-one room
    /// has nothing to be set.
    pub async fn room_settings(
        &self,
        actor: &Actor,
        room: RoomId,
        typed: &str,
        page: usize,
    ) -> Result<RoomSettings, AppError> {
        let own = self.access(actor, room, RateLimit::ReadList).await?;
        let MembershipStatus::Member(role) = own.status else {
            return Err(AppError::NotFound(What::Room));
        };
        let details = self.store.room_details(room).await.map_store_error()?;
        let RoomDetails { visibility, title, description } =
            details.ok_or(AppError::NotFound(What::Room))?;
        let mut members = self.store.members_of(room).await.map_store_error()?;
        let headcount = members.len();
        let (typed, query) = name_query(typed);
        members.retain(|member| query.finds(member.name.as_str()));
        let members = Paginated::of(typed, members, page, ADMIN_PER_PAGE);
        let pardon = Action::Unban(MembershipStatus::Banned);
        let banned = if allowed(pardon, own.status, own.kind) {
            self.store.banned_from(room).await.map_store_error()?
        } else {
            Vec::new()
        };
        let avatar = self.store.room_avatar(room).await.map_store_error()?;
        let id = room;
        Ok(RoomSettings {
            id,
            visibility,
            title,
            description,
            avatar,
            role,
            headcount,
            members,
            banned,
        })
    }

    /// Changes what a room says of itself.
    pub async fn update_room(
        &self,
        actor: &Actor,
        room: RoomId,
        form: UpdateRoom,
    ) -> Result<(), AppError> {
        let mut errors = FieldErrors::default();
        let title = errors.check(Field::Title, RoomTitle::parse(&compose(&form.title)));
        let description = Description::parse(&compose(&form.description));
        let description = errors.check(Field::Description, description);
        let (Some(title), Some(description)) = (title, description) else {
            return Err(errors.into());
        };
        let details = RoomDetails { visibility: form.visibility, title, description };
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let _authorized =
                chat.authorize_change(&actor, room, Action::EditSettings, limit).await?;
            let updated = chat.store.update_room(room, actor.user(), &details, chat.now());
            chat.publish(updated.await.map_store_error()?).await;
            Ok(())
        })
        .await
    }

    /// Closes a room for ever: from now on there is none. Its messages stay in the database, out of reach.
    pub async fn close_room(&self, actor: &Actor, room: RoomId) -> Result<(), AppError> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _authorized =
                chat.authorize_change(&actor, room, Action::Close, RateLimit::None).await?;
            let closed = chat.store.close_room(room, chat.now()).await.map_store_error()?;
            chat.publish(closed.ok_or(AppError::NotFound(What::Room))?).await;
            Ok(())
        })
        .await
    }

    /// Subscribes a connection to everything that happens in the person's rooms.
    ///
    /// Registered first, it then hears of rooms joined meanwhile. A user who was removed from one meanwhile has
    /// their rooms read again; and the session is looked at once more, since it may have ended before there
    /// was anything to end.
    pub async fn connect(&self, actor: &Actor) -> Result<Subscription, AppError> {
        let subscription = self.hub().connect(actor.user(), actor.session());
        let mut subscription = subscription.ok_or(AppError::SlowDown { seconds: 60 })?;
        loop {
            let epoch = self.hub().removal_epoch();
            let rooms = self.store.room_heads_of(actor.user()).await.map_store_error()?;
            if let Some(heads) = subscription.handle.subscribe(rooms, epoch) {
                subscription.heads = heads;
                break;
            }
        }
        if self.still_signed_in(actor).await? { Ok(subscription) } else { Err(AppError::SignedOut) }
    }
}
