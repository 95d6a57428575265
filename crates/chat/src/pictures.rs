//! Pictures of people and rooms: what was uploaded becomes two squares of our own making, so that nothing else that
//! was in the file goes any further.

mod darkroom;

pub(crate) use darkroom::Darkroom;

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
use store::Pictured;

/// A picture without a profile is this old before it is swept up: the profile may be on its way.
const ORPHANED_MILLIS: i64 = 60 * 60 * 1_000;

impl Chat {
    /// Gives one of the person's profiles a picture: the square that they chose, or the one in the middle.
    pub async fn set_picture(
        &self,
        actor: &Actor,
        profile: ProfileId,
        upload: Bytes,
        crop: Option<Crop>,
    ) -> Result<(), Problem> {
        self.profile(actor, profile).await?;
        let picture = self.develop(actor, upload, crop).await?;
        let changed = self.store.picture_profile(actor.person(), profile, Some(picture)).await;
        match changed.or_problem() {
            Ok(Ok(shown)) => self.show(actor.person(), shown).await,
            Ok(Err(_)) => {
                self.remove_picture(picture).await;
                Err(Problem::NotFound)
            }
            // Whether it was stored is not known: the picture waits for the sweeping.
            Err(problem) => Err(problem),
        }
    }

    /// Takes the picture of one of the person's profiles away.
    pub async fn clear_picture(&self, actor: &Actor, profile: ProfileId) -> Result<(), Problem> {
        self.limits.profile(actor.person())?;
        let cleared = self.store.picture_profile(actor.person(), profile, None).await;
        let shown = cleared.or_problem()?.map_err(|_| Problem::NotFound)?;
        self.show(actor.person(), shown).await
    }

    /// Gives a room a picture.
    pub async fn set_room_picture(
        &self,
        actor: &Actor,
        room: RoomId,
        upload: Bytes,
        crop: Option<Crop>,
    ) -> Result<(), Problem> {
        self.allow(actor, room, Action::Arrange).await?;
        let picture = self.develop(actor, upload, crop).await?;
        let _turn = self.comings.lock().await;
        // Making the picture took a while.
        match self.allow(actor, room, Action::Arrange).await {
            Ok(()) => self.show_room_picture(room, Some(picture)).await,
            Err(problem) => {
                self.remove_picture(picture).await;
                Err(problem)
            }
        }
    }

    /// Takes the picture of a room away.
    pub async fn clear_room_picture(&self, actor: &Actor, room: RoomId) -> Result<(), Problem> {
        self.limits.room(actor.person())?;
        let _turn = self.comings.lock().await;
        self.allow(actor, room, Action::Arrange).await?;
        self.show_room_picture(room, None).await
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

    /// Makes what was sent a picture of the house, which nothing shows yet.
    async fn develop(
        &self,
        actor: &Actor,
        upload: Bytes,
        crop: Option<Crop>,
    ) -> Result<PictureId, Problem> {
        let refused = |fault| Problem::invalid(Field::Picture, fault);
        if upload.is_empty() {
            return Err(refused(Fault::Empty));
        }
        if upload.len() > UPLOAD_MOST {
            let most = u32::try_from(UPLOAD_MOST).unwrap_or(u32::MAX);
            return Err(refused(Fault::TooLong { most }));
        }
        self.limits.profile(actor.person())?;
        let sizes = self.darkroom.develop(upload, crop).await?.map_err(refused)?;
        self.store.keep_picture(sizes).await.or_problem()
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
