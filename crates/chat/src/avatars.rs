//! Avatars of people and rooms: what was uploaded becomes two squares of our own making, so that nothing else that
//! was in the file goes any further.

mod child;
mod formats;
mod image_processor;
mod squares;
mod turns;
mod upload;

pub use child::{DECODE_IMAGE, decode_image};
pub(crate) use image_processor::ImageProcessor;
pub use upload::Upload;

use crate::{Actor, Chat, MapStoreError, internal_error, limits::RateLimit};
use bytes::Bytes;
use domain::{
    avatars::{Crop, ImageLimit, MAX_UPLOAD_BYTES, Size},
    clock::Millis,
    error::{AppError, What},
    ids::{AvatarId, ProfileId, RoomId},
    policy::Action,
};
use store::EncodedImage;

/// An avatar without a profile is this old before it is swept up: the profile may be on its way.
const ORPHANED_MILLIS: i64 = 60 * 60 * 1_000;

impl Chat {
    /// Gives one of the person's profiles an avatar: the square that they chose, or the one in the middle.
    pub async fn set_avatar(
        &self,
        actor: &Actor,
        profile: ProfileId,
        upload: Upload,
        crop: Option<Crop>,
    ) -> Result<(), AppError> {
        self.limits.profile(actor.user())?;
        self.profile(actor, profile).await?;
        let sizes = self.process(actor, upload, crop).await?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            let avatar = chat.store.save_avatar(sizes).await.map_store_error()?;
            // Where this fails it is not known whether it was stored: the avatar waits for the sweeping.
            let change = chat.store.set_profile_avatar(user, profile, Some(avatar));
            let changed = chat.change_profile(change).await;
            if changed == Err(AppError::NotFound(What::Profile)) {
                chat.remove_avatar(avatar).await;
            }
            changed
        })
        .await
    }

    /// Takes the avatar of one of the person's profiles away.
    pub async fn clear_avatar(&self, actor: &Actor, profile: ProfileId) -> Result<(), AppError> {
        self.limits.profile(actor.user())?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            chat.change_profile(chat.store.set_profile_avatar(user, profile, None)).await
        })
        .await
    }

    /// Gives a room an avatar.
    pub async fn set_room_avatar(
        &self,
        actor: &Actor,
        room: RoomId,
        upload: Upload,
        crop: Option<Crop>,
    ) -> Result<(), AppError> {
        self.authorize(actor, room, Action::EditSettings, RateLimit::ChangeProfile).await?;
        let sizes = self.process(actor, upload, crop).await?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            // Again, since making the avatar took a while.
            let _authorized =
                chat.authorize_change(&actor, room, Action::EditSettings, RateLimit::None).await?;
            let avatar = chat.store.save_avatar(sizes).await.map_store_error()?;
            chat.show_room_avatar(room, Some(avatar)).await
        })
        .await
    }

    /// Takes the avatar of a room away.
    pub async fn clear_room_avatar(&self, actor: &Actor, room: RoomId) -> Result<(), AppError> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let _authorized =
                chat.authorize_change(&actor, room, Action::EditSettings, limit).await?;
            chat.show_room_avatar(room, None).await
        })
        .await
    }

    async fn show_room_avatar(
        &self,
        room: RoomId,
        avatar: Option<AvatarId>,
    ) -> Result<(), AppError> {
        let changed = self.store.set_room_avatar(room, avatar).await.map_store_error()?;
        self.publish(changed.ok_or(AppError::NotFound(What::Room))?).await;
        Ok(())
    }

    /// Makes of what was sent the squares that are kept.
    async fn process(
        &self,
        actor: &Actor,
        upload: Upload,
        crop: Option<Crop>,
    ) -> Result<Vec<EncodedImage>, AppError> {
        if upload.is_empty() {
            return Err(AppError::NoImage);
        }
        if upload.len() > MAX_UPLOAD_BYTES {
            let most = u32::try_from(MAX_UPLOAD_BYTES).unwrap_or(u32::MAX);
            return Err(AppError::ImageTooLarge { limit: ImageLimit::Bytes(most) });
        }
        self.image_processor.process(actor.user(), upload, crop).await
    }

    /// The bytes of an avatar, for any signed-in user.
    pub async fn avatar(&self, _: &Actor, avatar: AvatarId, size: Size) -> Result<Bytes, AppError> {
        self.store
            .avatar(avatar, size)
            .await
            .map_store_error()?
            .ok_or(AppError::NotFound(What::Avatar))
    }

    /// What cannot be removed now is swept up later.
    pub(crate) async fn remove_avatar(&self, avatar: AvatarId) {
        if let Err(error) = self.store.remove_avatar(avatar).await {
            internal_error(&error);
        }
    }

    pub(crate) async fn sweep_avatars(&self) -> store::Result<usize> {
        let before = Millis(self.now().0.saturating_sub(ORPHANED_MILLIS));
        self.store.sweep_avatars(before).await
    }
}
