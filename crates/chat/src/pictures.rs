//! Pictures of people and rooms: what was uploaded becomes two squares of our own making, so that nothing else that
//! was in the file goes any further.

mod darkroom;
mod formats;
mod turns;
mod upload;

pub(crate) use darkroom::Darkroom;
pub use upload::Upload;

use crate::{Actor, Chat, OrProblem, broken};
use bytes::Bytes;
use domain::{
    clock::Millis,
    ids::{PictureId, ProfileId, RoomId},
    pictures::{Crop, Size, UPLOAD_MOST},
    policy::Action,
    problem::{Field, Problem},
    text::Fault,
};
use store::{Encoded, Pictured};

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
        self.profile(actor, profile).await?;
        let sizes = self.develop(actor, upload, crop).await?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let picture = chat.store.keep_picture(sizes).await.or_problem()?;
            // Where this fails it is not known whether it was stored: the picture waits for the sweeping.
            let changed = chat.store.picture_profile(person, profile, Some(picture)).await;
            let Ok(shown) = changed.or_problem()? else {
                chat.remove_picture(picture).await;
                return Err(Problem::NotFound);
            };
            chat.show(person, shown).await
        })
        .await
    }

    /// Takes the picture of one of the person's profiles away.
    pub async fn clear_picture(&self, actor: &Actor, profile: ProfileId) -> Result<(), Problem> {
        self.limits.profile(actor.person())?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let cleared = chat.store.picture_profile(person, profile, None).await;
            let shown = cleared.or_problem()?.map_err(|_| Problem::NotFound)?;
            chat.show(person, shown).await
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
        self.allow(actor, room, Action::Arrange).await?;
        let sizes = self.develop(actor, upload, crop).await?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            // Making the picture took a while.
            chat.allow(&actor, room, Action::Arrange).await?;
            let picture = chat.store.keep_picture(sizes).await.or_problem()?;
            chat.show_room_picture(room, Some(picture)).await
        })
        .await
    }

    /// Takes the picture of a room away.
    pub async fn clear_room_picture(&self, actor: &Actor, room: RoomId) -> Result<(), Problem> {
        self.limits.room(actor.person())?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _turn = chat.comings.lock().await;
            chat.allow(&actor, room, Action::Arrange).await?;
            chat.show_room_picture(room, None).await
        })
        .await
    }

    async fn show_room_picture(
        &self,
        room: RoomId,
        picture: Option<PictureId>,
    ) -> Result<(), Problem> {
        let changed = self.store.picture_room(room, picture).await.or_problem()?;
        let Pictured { batch, unused } = changed.ok_or(Problem::NotFound)?;
        self.tell_room(batch);
        if let Some(unused) = unused {
            self.remove_picture(unused).await;
        }
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
        self.limits.profile(actor.person())?;
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
