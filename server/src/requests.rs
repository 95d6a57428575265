//! A layer around every request: its id in the log, and a warning when it was refused because of its origin.

use crate::{address, router::State};
use axum::{
    extract::{ConnectInfo, Request, State as Shared},
    middleware::Next,
    response::Response,
};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// In the extensions of a response: the request came from another site.
#[derive(Debug, Clone, Copy)]
pub struct RefusedOrigin;

impl RefusedOrigin {
    #[must_use]
    pub fn mark(mut response: Response) -> Response {
        response.extensions_mut().insert(Self);
        response
    }
}

pub async fn identify(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let address = address::client(peer, request.headers(), &state.config.trusted_proxies);
    chat::serve_request(address, async {
        let response = next.run(request).await;
        if response.extensions().get::<RefusedOrigin>().is_some() {
            state.chat.log_refused_origin(address);
        }
        response
    })
    .await
}
