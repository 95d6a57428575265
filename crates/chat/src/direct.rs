//! One-to-one rooms: choosing a person opens the one that is there for these two.

use crate::{Actor, Chat, MapStoreError};
use domain::{
    error::{AppError, What},
    ids::{RoomId, UserId},
};
use store::DirectRoom;

impl Chat {
    /// The room of the actor and this person, or of the actor alone: always the same one, made when it is
    /// first asked for.
    pub async fn open_direct_room(&self, actor: &Actor, user: UserId) -> Result<RoomId, AppError> {
        self.limits.room(actor.user())?;
        let me = actor.user();
        self.run_to_completion(move |chat| async move {
            let opened =
                chat.store.open_direct_room(me, user, chat.now()).await.map_store_error()?;
            let DirectRoom { room, committed } = opened.ok_or(AppError::NotFound(What::User))?;
            chat.publish(committed).await;
            Ok(room)
        })
        .await
    }
}
