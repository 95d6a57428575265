//! Pictures of people and rooms: what was uploaded becomes two squares of our own making, so that nothing else that
//! was in the file goes any further.

mod darkroom;
mod formats;
mod turns;
mod upload;

pub(crate) use darkroom::Darkroom;
pub use upload::Upload;

use crate::{Actor, Chat, OrProblem, broken, limits::RateLimit};
use bytes::Bytes;
use domain::{
    clock::Millis,
    ids::{PictureId, ProfileId, RoomId},
    pictures::{Crop, Size, UPLOAD_MOST},
    policy::Action,
    problem::{Field, Problem},
    text::Fault,
};
use store::Encoded;

/// A picture without a profile is this old before it is swept up: the profile may be on its way.
const ORPHANED_MILLIS: i64 = 60 * 60 * 1_000;

impl Chat {
    /// Gives one of the person's profiles a picture: the square that they chose, or the one in the middle.
    pub async fn set_picture(
        &self,
        actor: &Actor,
        profile: ProfileId,
        upload: Upload,
        crop: Option<Crop>,
    ) -> Result<(), Problem> {
        self.limits.profile(actor.person())?;
        self.profile(actor, profile).await?;
        let sizes = self.develop(actor, upload, crop).await?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let picture = chat.store.keep_picture(sizes).await.or_problem()?;
            // Where this fails it is not known whether it was stored: the picture waits for the sweeping.
            let change = chat.store.set_profile_avatar(person, profile, Some(picture));
            let changed = chat.change_profile(change).await;
            if changed == Err(Problem::NotFound) {
                chat.remove_picture(picture).await;
            }
            changed
        })
        .await
    }

    /// Takes the picture of one of the person's profiles away.
    pub async fn clear_picture(&self, actor: &Actor, profile: ProfileId) -> Result<(), Problem> {
        self.limits.profile(actor.person())?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            chat.change_profile(chat.store.set_profile_avatar(person, profile, None)).await
        })
        .await
    }

    /// Gives a room a picture.
    pub async fn set_room_picture(
        &self,
        actor: &Actor,
        room: RoomId,
        upload: Upload,
        crop: Option<Crop>,
    ) -> Result<(), Problem> {
        self.authorize(actor, room, Action::Arrange, RateLimit::ChangeProfile).await?;
        let sizes = self.develop(actor, upload, crop).await?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            // Again, since making the picture took a while.
            let _authorized =
                chat.authorize_change(&actor, room, Action::Arrange, RateLimit::None).await?;
            let picture = chat.store.keep_picture(sizes).await.or_problem()?;
            chat.show_room_picture(room, Some(picture)).await
        })
        .await
    }

    /// Takes the picture of a room away.
    pub async fn clear_room_picture(&self, actor: &Actor, room: RoomId) -> Result<(), Problem> {
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let limit = RateLimit::ChangeRoom;
            let _authorized = chat.authorize_change(&actor, room, Action::Arrange, limit).await?;
            chat.show_room_picture(room, None).await
        })
        .await
    }

    async fn show_room_picture(
        &self,
        room: RoomId,
        picture: Option<PictureId>,
    ) -> Result<(), Problem> {
        let changed = self.store.set_room_avatar(room, picture).await.or_problem()?;
        self.publish(changed.ok_or(Problem::NotFound)?).await;
        Ok(())
    }

    /// Makes of what was sent the squares that are kept.
    async fn develop(
        &self,
        actor: &Actor,
        upload: Upload,
        crop: Option<Crop>,
    ) -> Result<Vec<Encoded>, Problem> {
        let refused = |fault| Problem::invalid(Field::Picture, fault);
        if upload.is_empty() {
            return Err(refused(Fault::Empty));
        }
        if upload.len() > UPLOAD_MOST {
            let most = u32::try_from(UPLOAD_MOST).unwrap_or(u32::MAX);
            return Err(refused(Fault::TooLong { most }));
        }
        self.darkroom.develop(actor.person(), upload, crop).await?.map_err(refused)
    }

    /// The bytes of a picture, for whoever is signed in: everybody here may see everybody.
    pub async fn picture(
        &self,
        _: &Actor,
        picture: PictureId,
        size: Size,
    ) -> Result<Bytes, Problem> {
        self.store.picture(picture, size).await.or_problem()?.ok_or(Problem::NotFound)
    }

    /// What cannot be removed now is swept up later.
    pub(crate) async fn remove_picture(&self, picture: PictureId) {
        if let Err(error) = self.store.remove_picture(picture).await {
            broken(&error);
        }
    }

    pub(crate) async fn sweep_pictures(&self) -> store::Result<usize> {
        let before = Millis(self.now().0.saturating_sub(ORPHANED_MILLIS));
        self.store.sweep_pictures(before).await
    }
}
