//! The request that is being served, as the log knows it: by an id, which is also the one that a page about an
//! internal error shows.

use crate::{Chat, limits::address_block};
use std::{net::IpAddr, sync::Arc};
use tracing::{Instrument, info_span};

tokio::task_local! {
    static REQUEST_ID: Arc<str>;
}

/// Serves a request: whatever is logged meanwhile has a fresh id and the client's address.
pub async fn serve_request<F: Future>(address: IpAddr, serve: F) -> F::Output {
    let id: Arc<str> = fresh_id().into();
    let span = info_span!("request", %id, %address);
    REQUEST_ID.scope(id, serve).instrument(span).await
}

/// The same request goes on in a task of its own.
pub(crate) async fn in_same_request<F: Future>(id: Option<Arc<str>>, work: F) -> F::Output {
    match id {
        Some(id) => REQUEST_ID.scope(id, work).await,
        None => work.await,
    }
}

/// None outside of requests: on an open socket, and in maintenance.
pub(crate) fn request_id() -> Option<Arc<str>> {
    REQUEST_ID.try_with(Arc::clone).ok()
}

pub(crate) fn fresh_id() -> String {
    uuid::Uuid::new_v4().simple().to_string().chars().take(12).collect()
}

impl Chat {
    /// A request from another site was refused: logged once a minute for each address.
    pub fn log_refused_origin(&self, address: IpAddr) {
        if self.limits.logs_origin(address_block(address)) {
            tracing::info!(target: "security", event = "refused_by_origin", %address);
        }
    }
}
