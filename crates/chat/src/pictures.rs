//! Pictures of people: what was uploaded becomes two squares of our own making, so that nothing else that
//! was in the file goes any further.

mod darkroom;

pub(crate) use darkroom::Darkroom;

use crate::{Actor, Chat, OrProblem, broken};
use bytes::Bytes;
use domain::{
    clock::Millis,
    ids::{PictureId, ProfileId},
    pictures::{Crop, Size, UPLOAD_MOST},
    problem::{Field, Problem},
    text::Fault,
};

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
        let refused = |fault| Problem::invalid(Field::Picture, fault);
        if upload.is_empty() {
            return Err(refused(Fault::Empty));
        }
        if upload.len() > UPLOAD_MOST {
            let most = u32::try_from(UPLOAD_MOST).unwrap_or(u32::MAX);
            return Err(refused(Fault::TooLong { most }));
        }
        self.profile(actor, profile).await?;
        self.limits.profile(actor.person())?;
        let sizes = self.darkroom.develop(upload, crop).await?.map_err(refused)?;
        let picture = self.store.keep_picture(sizes).await.or_problem()?;
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
