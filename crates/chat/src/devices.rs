//! The devices on which a person is signed in: what sessions are called where people see them.

use crate::{Actor, Chat, MapStoreError};
use domain::{error::AppError, ids::SessionId, sessions::Device};
use store::OpenSession;

impl Chat {
    /// Where the person is signed in, the device that was used last first.
    pub async fn devices(&self, actor: &Actor) -> Result<Vec<Device>, AppError> {
        let sessions = self.store.sessions_of(actor.user()).await.map_store_error()?;
        let now = self.now();
        let live = sessions.into_iter().filter(|session| !session.times.has_ended(now));
        Ok(live.map(|session| device(actor, session)).collect())
    }

    /// Signs the person out on one of their devices. One that is not theirs, or no longer signed in, is
    /// left as it is.
    pub async fn end_device(&self, actor: &Actor, session: SessionId) -> Result<(), AppError> {
        self.limits.account(actor.user())?;
        let own = self.store.sessions_of(actor.user()).await.map_store_error()?;
        if own.iter().any(|each| each.id == session) {
            self.end_session(session).await?;
        }
        Ok(())
    }

    /// Signs the person out everywhere but here. No device stays known.
    pub async fn end_other_devices(&self, actor: &Actor) -> Result<(), AppError> {
        self.limits.account(actor.user())?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let ended = chat.store.end_other_sessions(actor.user(), actor.session()).await;
            chat.publish(ended.map_store_error()?).await;
            Ok(())
        })
        .await
    }
}

fn device(actor: &Actor, session: OpenSession) -> Device {
    Device {
        session: session.id,
        agent: session.device,
        signed_in_at: session.times.opened_at,
        last_used_at: session.times.last_used_at,
        is_this: session.id == actor.session(),
    }
}
