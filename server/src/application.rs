//! The whole program, built the same way by `main` and by the tests.

use crate::{
    config::{Config, Limits},
    connections::Connections,
    cookies::OwnCookies,
    pages::KeptForPages,
    router::{self, SharedState, State},
    serve::Serving,
    shutdown::Shutdown,
    socket::{self, ConnectionLimiter},
    uploads::Uploads,
    zone::Zones,
};
use app::context::CookieNames;
use chat::Chat;
use domain::error::AppError;
use leptos::config::LeptosOptions;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use store::{ServerLock, Store};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

/// How long open connections may take to finish after a stop; what is still open then is cut off.
const DRAIN: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{0}")]
    Store(#[from] store::Error),
    #[error(
        "cannot listen on {address}: {error}. Is another program using it? LEPTOS_SITE_ADDR chooses another address."
    )]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("SARANGBANG_ZONE: there is no time zone {0:?}")]
    Zone(String),
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// A server with its listener bound, ready to run.
#[derive(Debug)]
pub struct Application {
    listener: TcpListener,
    state: State,
    store: Store,
    lock: ServerLock,
    connections: Connections,
    url: String,
}

impl Application {
    /// Opens the database, migrates its schema and binds the listener.
    pub async fn build(config: Config, options: LeptosOptions) -> Result<Self, StartError> {
        let zones = Zones::new(&config.zone).ok_or(StartError::Zone(config.zone.clone()))?;
        let address = options.site_addr;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| StartError::Listen { address, error })?;
        let store = Store::open(&config.database_url).await?;
        let lock = store.lock_for_server().await?;
        let chat = Chat::new(store.clone(), config.limits.into(), chat::system_clock())
            .with_image_program(config.program.clone());
        let address = listener.local_addr()?;
        let url = config.link_origin(address);
        let (connections, seats, uploads) = match config.limits {
            Limits::On => {
                let connections = Connections::limited(&config.trusted_proxies);
                (connections, socket::seats(), Uploads::limited())
            }
            Limits::Off => {
                (Connections::unlimited(), ConnectionLimiter::unlimited(), Uploads::unlimited())
            }
        };
        let own_cookies = OwnCookies {
            names: CookieNames::new(store.epoch(), config.is_secure()),
            old_until: store.old_cookies_until().await?,
        };
        let config = Arc::new(config);
        let sockets = TaskTracker::new();
        let state = State::new(SharedState {
            chat,
            config,
            own_cookies,
            listens_at: address.ip(),
            kept: KeptForPages::new(&options),
            options,
            zones,
            sockets,
            seats,
            uploads,
        });
        Ok(Self { listener, state, store, lock, connections, url })
    }

    /// The URL at which users reach the instance.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A new set-up link for the first account, which ends an earlier link. None when there is an account.
    pub async fn setup_url(&self) -> Result<Option<String>, AppError> {
        let token = self.state.chat.make_setup_link().await?;
        Ok(token.map(|token| format!("{}{}", self.url, app::paths::setup(token.as_str()))))
    }

    /// The port of the listener.
    pub fn port(&self) -> std::io::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// Serves until it is told to stop; then lets requests finish and closes sockets with a code that tells
    /// clients to reconnect.
    pub async fn run(self, shutdown: Shutdown) -> Result<(), StartError> {
        let Self { listener, state, store, lock, connections, .. } = self;
        let SharedState { chat, sockets, config, .. } = SharedState::clone(&state);
        let maintenance = tokio::spawn(chat.clone().run_maintenance());
        let router = router::router(state);
        let timeouts = config.timeouts.answer_write_timeout;
        let serving = Serving { router, connections, timeouts, shutdown: shutdown.clone() };
        let serving = tokio::spawn(serving.serve(listener));
        shutdown.wait().await;
        // In this order: a socket that subscribes after the first call sees the second one.
        sockets.close();
        chat.hub().disconnect_all();
        let drained = tokio::time::timeout(DRAIN, async {
            sockets.wait().await;
            serving.await
        });
        if drained.await.is_err() {
            tracing::warn!("some connections did not finish in {DRAIN:?} and were cut off");
        }
        maintenance.abort();
        chat.finish_changes().await;
        // The error has been logged where it happened.
        let _ = chat.write_reads().await;
        store.close().await?;
        drop(lock);
        Ok(())
    }
}
