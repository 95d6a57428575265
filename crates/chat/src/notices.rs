//! What users are told about their accounts that others have done.

use crate::{Actor, Chat, MapStoreError};
use domain::{error::AppError, ids::NoticeId, notices::Notice};

impl Chat {
    /// The newest first.
    pub async fn notices(&self, actor: &Actor) -> Result<Vec<Notice>, AppError> {
        self.store.notices(actor.user()).await.map_store_error()
    }

    /// The actor has read what there is up to a notice; from now on no page is held back for it.
    pub async fn mark_notices_read(
        &self,
        actor: &Actor,
        through: NoticeId,
    ) -> Result<(), AppError> {
        let user = actor.user();
        self.limits.account(user)?;
        self.run_to_completion(move |chat| async move {
            let read = chat.store.mark_notices_read(user, through, chat.now()).await;
            chat.publish(read.map_store_error()?).await;
            Ok(())
        })
        .await
    }
}
