//! Changes that are under way, each in a task of its own.
//!
//! A server drops the handler of a request when its client hangs up, while SQLite finishes a COMMIT that has begun. A
//! caller that goes away must therefore drop nothing but its own wait for the answer: a commit and what tells
//! the caches and the hub of it happen both, or neither does.

use crate::{
    Chat, internal_error,
    requests::{in_same_request, request_id},
};
use domain::error::AppError;
use std::pin::Pin;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

impl Chat {
    /// Runs a change in a task that dropping the returned future does not cancel. Everything from the permission
    /// check to the publishing belongs into it. It starts at the first poll; [`Chat::finish_changes`] waits for it.
    pub(crate) async fn run_to_completion<T, F>(
        &self,
        change: impl FnOnce(Self) -> F,
    ) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        // Otherwise everything that runs a task would be compiled once for each use case.
        let change: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(change(self.clone()));
        let change = in_same_request(request_id(), change);
        let task = self.changes_under_way.spawn(change.in_current_span());
        task.await.map_err(|error| internal_error(&error))?
    }

    /// Waits until every change under way is committed and published, those whose caller has gone included.
    pub async fn finish_changes(&self) {
        self.changes_under_way.close();
        self.changes_under_way.wait().await;
        self.changes_under_way.reopen();
    }
}

/// The changes under way. Cheap to clone.
pub(crate) type ChangesUnderWay = TaskTracker;
