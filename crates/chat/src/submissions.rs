//! Forms that make something, sent under an id of their own: sent twice, each is answered with what it made once.

use crate::{Actor, Chat, MapStoreError, sessions::sha256};
use domain::{error::AppError, ids::ClientId};
use store::{Committed, Submission};
use uuid::Uuid;

/// The form that asks for this, as it is recorded. None when it carries no id: then every time is the first.
pub(crate) fn submission(
    actor: &Actor,
    client_id: Option<ClientId>,
    content: &[&str],
) -> Option<Submission> {
    // No text holds a NUL.
    let content_hash = sha256(&content.join("\0"));
    client_id.map(|client_id| Submission { user: actor.user(), client_id, content_hash })
}

impl Chat {
    /// The id of what the form has made before, asked before any limit: a form that is sent again costs nothing.
    pub(crate) async fn find_submitted(
        &self,
        submission: Option<Submission>,
    ) -> Result<Option<Uuid>, AppError> {
        let Some(submission) = submission else { return Ok(None) };
        let made = self.store.find_submitted(submission).await.map_store_error()?;
        if made.is_some() {
            // It is committed, and may not have been published yet: what its user reads next is to show it.
            let user = vec![submission.user];
            let told =
                Committed { readers: user.clone(), changed_accounts: user, ..Committed::default() };
            self.publish(told).await;
        }
        Ok(made)
    }
}
