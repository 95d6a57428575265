//! How a person shows themselves: several profiles, one of them by default, and for each room another if
//! they like. Whoever shares a room with them sees a change at once, on old lines as well.

use crate::{Actor, Chat, OrProblem, submissions::submission};
use domain::{
    ids::{ClientId, PersonId, ProfileId, RoomId},
    people::{DisplayName, Viewer},
    problem::{Field, Problem},
    profiles::{PROFILES_MOST, Profile, Wardrobe},
    text::{Fault, compose},
    wire::ServerFrame,
};
use store::{Shown, Unchanged};

impl Chat {
    /// The person's own profiles, and which of them each of their rooms sees.
    pub async fn wardrobe(&self, actor: &Actor) -> Result<Wardrobe, Problem> {
        let profiles = self.store.profiles_of(actor.person()).await.or_problem()?;
        let rooms = self.store.worn_by(actor.person()).await.or_problem()?;
        Ok(Wardrobe { profiles, rooms })
    }

    /// One of the person's own profiles.
    pub async fn profile(&self, actor: &Actor, profile: ProfileId) -> Result<Profile, Problem> {
        let own = self.store.profiles_of(actor.person()).await.or_problem()?;
        own.into_iter().find(|own| own.id == profile).ok_or(Problem::NotFound)
    }

    /// Makes a profile. Sent again under the same id it is the profile that was made then.
    pub async fn make_profile(
        &self,
        actor: &Actor,
        client_id: Option<ClientId>,
        name: &str,
    ) -> Result<ProfileId, Problem> {
        let name = parse_name(name)?;
        let submission = submission(actor, client_id, &["profile", name.as_str()]);
        if let Some(made) = self.made_before(submission).await? {
            return Ok(ProfileId::from_uuid(made));
        }
        self.limits.profile(actor.person())?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let made =
                chat.store.add_profile(person, &name, chat.now(), submission).await.or_problem()?;
            made.map_err(why)
        })
        .await
    }

    pub async fn rename_profile(
        &self,
        actor: &Actor,
        profile: ProfileId,
        name: &str,
    ) -> Result<(), Problem> {
        let name = parse_name(name)?;
        self.limits.profile(actor.person())?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let shown = chat.store.rename_profile(person, profile, &name).await.or_problem()?;
            chat.show(person, shown.map_err(why)?).await
        })
        .await
    }

    pub async fn make_default(&self, actor: &Actor, profile: ProfileId) -> Result<(), Problem> {
        self.limits.profile(actor.person())?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let shown = chat.store.make_default(person, profile).await.or_problem()?;
            chat.show(person, shown.map_err(why)?).await
        })
        .await
    }

    /// Deletes a profile that is not the default. One that is gone already is deleted.
    pub async fn delete_profile(&self, actor: &Actor, profile: ProfileId) -> Result<(), Problem> {
        self.limits.profile(actor.person())?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            match chat.store.delete_profile(person, profile).await.or_problem()? {
                Ok(shown) => chat.show(person, shown).await,
                Err(Unchanged::NotTheirs) => Ok(()),
                Err(unchanged) => Err(why(unchanged)),
            }
        })
        .await
    }

    /// Chooses what one of the person's rooms sees: a profile, or none for the default.
    pub async fn wear_profile(
        &self,
        actor: &Actor,
        room: RoomId,
        profile: Option<ProfileId>,
    ) -> Result<(), Problem> {
        self.limits.profile(actor.person())?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let worn = chat.store.wear_profile(person, room, profile).await.or_problem()?;
            chat.show(person, worn.map_err(why)?).await
        })
        .await
    }

    /// The person as they see themselves now.
    pub async fn viewer(&self, actor: &Actor) -> Result<Viewer, Problem> {
        match self.known_sessions.viewer(actor.session()) {
            Some(viewer) => Ok(viewer),
            None => self.read_viewer(actor.person()).await,
        }
    }

    async fn read_viewer(&self, person: PersonId) -> Result<Viewer, Problem> {
        self.store.viewer(person).await.or_problem()?.ok_or(Problem::SignedOut)
    }

    /// Tells everybody who sees a change, and the person's own tabs.
    pub(crate) async fn show(&self, person: PersonId, shown: Shown) -> Result<(), Problem> {
        self.known_sessions.forget_person(person);
        for batch in shown.batches {
            self.lately.room_changed(batch.room);
            self.hub.publish(batch);
        }
        if let Some(picture) = shown.unused {
            self.remove_picture(picture).await;
        }
        self.tell_themselves(person).await
    }

    /// Of two changes at once, the one that is told last need not have been made last: so whoever tells
    /// looks whether that is still true.
    async fn tell_themselves(&self, person: PersonId) -> Result<(), Problem> {
        let mut now = self.read_viewer(person).await?;
        loop {
            let Viewer { name, picture, .. } = now.clone();
            self.hub.tell(person, &ServerFrame::You { name, picture });
            let after = self.read_viewer(person).await?;
            if after == now {
                return Ok(());
            }
            now = after;
        }
    }
}

fn parse_name(raw: &str) -> Result<DisplayName, Problem> {
    DisplayName::parse(&compose(raw)).map_err(|fault| Problem::invalid(Field::Name, fault))
}

fn why(unchanged: Unchanged) -> Problem {
    match unchanged {
        Unchanged::NotTheirs => Problem::NotFound,
        Unchanged::IsDefault => Problem::invalid(Field::Profile, Fault::Taken),
        Unchanged::TooMany => {
            Problem::invalid(Field::Profile, Fault::TooMany { most: PROFILES_MOST })
        }
    }
}
