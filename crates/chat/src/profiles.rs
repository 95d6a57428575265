//! How a person shows themselves: several profiles, one of them by default, and for each room another if
//! they like. Members of their rooms see a change at once, on old messages as well.

use crate::{Actor, Chat, MapStoreError, submissions::submission};
use domain::{
    error::{AppError, Field, What},
    ids::{ClientId, ProfileId, RoomId, UserId},
    profiles::{MAX_PROFILES, Profile, ProfileAssignments},
    text::compose,
    users::{CurrentUser, DisplayName},
};
use std::sync::atomic::Ordering;
use store::{Committed, ProfileOutcome};

impl Chat {
    /// The person's own profiles, and which of them each of their rooms sees.
    pub async fn profile_assignments(&self, actor: &Actor) -> Result<ProfileAssignments, AppError> {
        let profiles = self.store.profiles_of(actor.user()).await.map_store_error()?;
        let rooms = self.store.room_profiles_of(actor.user()).await.map_store_error()?;
        Ok(ProfileAssignments { profiles, rooms })
    }

    /// One of the person's own profiles.
    pub async fn profile(&self, actor: &Actor, profile: ProfileId) -> Result<Profile, AppError> {
        let own = self.store.profiles_of(actor.user()).await.map_store_error()?;
        own.into_iter().find(|own| own.id == profile).ok_or(AppError::NotFound(What::Profile))
    }

    /// Makes a profile. Sent again under the same id it is the profile that was made then.
    pub async fn create_profile(
        &self,
        actor: &Actor,
        client_id: Option<ClientId>,
        name: &str,
    ) -> Result<ProfileId, AppError> {
        let name = parse_name(name)?;
        let submission = submission(actor, client_id, &["profile", name.as_str()]);
        if let Some(made) = self.find_submitted(submission).await? {
            return Ok(ProfileId::from_uuid(made));
        }
        self.limits.profile(actor.user())?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            let made = chat
                .store
                .add_profile(user, &name, chat.now(), submission)
                .await
                .map_store_error()?;
            done(made)
        })
        .await
    }

    pub async fn rename_profile(
        &self,
        actor: &Actor,
        profile: ProfileId,
        name: &str,
    ) -> Result<(), AppError> {
        let name = parse_name(name)?;
        self.limits.profile(actor.user())?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            chat.change_profile(chat.store.rename_profile(user, profile, &name)).await
        })
        .await
    }

    pub async fn set_default_profile(
        &self,
        actor: &Actor,
        profile: ProfileId,
    ) -> Result<(), AppError> {
        self.limits.profile(actor.user())?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            chat.change_profile(chat.store.set_default_profile(user, profile)).await
        })
        .await
    }

    /// Deletes a profile that is not the default. One that is gone already is deleted.
    pub async fn delete_profile(&self, actor: &Actor, profile: ProfileId) -> Result<(), AppError> {
        self.limits.profile(actor.user())?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            match chat.change_profile(chat.store.delete_profile(user, profile)).await {
                Err(AppError::NotFound(What::Profile)) => Ok(()),
                deleted => deleted,
            }
        })
        .await
    }

    /// Chooses what one of the person's rooms sees: a profile, or none for the default.
    pub async fn set_room_profile(
        &self,
        actor: &Actor,
        room: RoomId,
        profile: Option<ProfileId>,
    ) -> Result<(), AppError> {
        self.limits.profile(actor.user())?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            chat.change_profile(chat.store.set_room_profile(user, room, profile)).await
        })
        .await
    }

    /// The person as they see themselves now.
    pub async fn viewer(&self, actor: &Actor) -> Result<CurrentUser, AppError> {
        match self.caches.sessions.get_by_id(actor.session()) {
            Some(session) => Ok(session.viewer),
            None => self.read_viewer(actor.user()).await,
        }
    }

    async fn read_viewer(&self, user: UserId) -> Result<CurrentUser, AppError> {
        self.store.viewer(user).await.map_store_error()?.ok_or(AppError::SignedOut)
    }

    /// Makes a change of a profile and publishes it. Changes are made one after the other, so that a user's own
    /// clients are told last what was committed last.
    pub(crate) async fn change_profile(
        &self,
        change: impl Future<Output = store::Result<ProfileOutcome>>,
    ) -> Result<(), AppError> {
        let _guard = self.profile_lock.lock().await;
        let mut committed = done(change.await.map_store_error()?)?;
        let orphaned_avatars = std::mem::take(&mut committed.orphaned_avatars);
        self.publish(committed).await;
        // What cannot be recorded now is recorded by the maintenance.
        if self.record_profile_updates().await.is_ok() {
            // No room shows these any more.
            self.publish(Committed { orphaned_avatars, ..Committed::default() }).await;
        }
        Ok(())
    }

    /// Records changed profiles in the rooms that are noted down for it, also those of changes that a crash interrupted.
    pub(crate) async fn record_profile_updates(&self) -> Result<(), AppError> {
        self.profile_updates_wait.store(true, Ordering::Relaxed);
        while let Some(committed) = self.store.record_profile_updates().await.map_store_error()? {
            self.publish(committed).await;
        }
        self.profile_updates_wait.store(false, Ordering::Relaxed);
        Ok(())
    }
}

fn parse_name(raw: &str) -> Result<DisplayName, AppError> {
    DisplayName::parse(&compose(raw)).map_err(|error| AppError::invalid(Field::Name, error))
}

fn done<T>(outcome: ProfileOutcome<T>) -> Result<T, AppError> {
    match outcome {
        ProfileOutcome::Done(done) => Ok(done),
        ProfileOutcome::NotTheirs => Err(AppError::NotFound(What::Profile)),
        ProfileOutcome::IsDefault => Err(AppError::DefaultProfile),
        ProfileOutcome::TooMany => Err(AppError::TooManyProfiles { most: MAX_PROFILES }),
    }
}
