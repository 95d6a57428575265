//! Somebody who is signed in, and what they do.

use crate::helpers::fresh_id;
use chat::{Actor, Chat, Subscription};
use domain::{
    error::{AppError, What},
    history::HistoryPage,
    history::PageAnchor,
    ids::{ClientId, RoomId},
    messages::{Message, MessageText},
    rooms::Visibility,
};

#[derive(Clone)]
pub struct User {
    pub actor: Actor,
    pub chat: Chat,
}

impl User {
    pub async fn makes_a_room(&self, title: &str) -> RoomId {
        self.chat.create_room(&self.actor, None, title, Visibility::Open).await.unwrap()
    }

    pub async fn enters(&self, room: RoomId) {
        let entered = self.chat.join_room(&self.actor, &room.to_string()).await;
        assert_eq!(entered, Ok(room));
    }

    /// Goes, if they are in.
    pub async fn leaves(&self, room: RoomId) {
        let left = self.chat.leave_room(&self.actor, room).await;
        assert!(matches!(left, Ok(()) | Err(AppError::NotFound(What::Room))), "{left:?}");
    }

    pub fn says(&self, text: &str) -> Saying<'_> {
        Saying { by: self, client_id: fresh_id(), text: MessageText::parse(text).unwrap() }
    }

    pub async fn reads(&self, room: RoomId) -> HistoryPage {
        self.chat.page(&self.actor, room, PageAnchor::Newest).await.unwrap()
    }

    /// The texts of the newest page.
    pub async fn sees_in(&self, room: RoomId) -> Vec<String> {
        let page = self.reads(room).await;
        page.messages.iter().map(|message| message.text.to_string()).collect()
    }

    pub async fn connects(&self) -> Subscription {
        self.chat.connect(&self.actor).await.unwrap()
    }
}

pub struct Saying<'a> {
    by: &'a User,
    client_id: ClientId,
    text: MessageText,
}

impl Saying<'_> {
    pub fn under(self, client_id: ClientId) -> Self {
        Self { client_id, ..self }
    }

    pub async fn in_room(self, room: RoomId) -> Message {
        self.tried_in(room).await.unwrap()
    }

    pub async fn tried_in(self, room: RoomId) -> Result<Message, AppError> {
        self.by.chat.post(&self.by.actor, room, self.client_id, self.text).await
    }
}
