//! Sarangbang's use cases: authorize, persist, publish. The crate knows no HTTP, no WebSocket and no SQL; every
//! way to change something (a server function, a socket, a form) calls the same function here.
//!
//! What a caller got wrong is an [`AppError`], which is data. What broke inside
//! is logged with its cause, and the caller is given the id to find it by.

mod account;
mod admin;
mod authorize;
mod avatars;
mod caches;
mod devices;
mod direct;
mod export;
mod fair_queue;
mod hub;
mod invitation_links;
mod invitations;
mod known_devices;
mod limits;
mod memberships;
mod messages;
mod notices;
mod password_resets;
mod passwords;
mod profiles;
mod publish;
mod read_cache;
mod reads;
mod requests;
mod room_page;
mod rooms;
mod sessions;
mod setup;
mod submissions;
mod tasks;
mod two_factor;
mod users;

pub use account::{ChangeEmail, ChangePassword};
pub use avatars::{DECODE_IMAGE, Upload, decode_image};
pub use export::Export;
pub use hub::{Heads, Hub, Outgoing, Receiver, Subscription, SubscriptionHandle};
pub use invitation_links::{CreateInviteLink, InviteLinkView};
pub use limits::address_block;
pub use messages::Resumed;
pub use requests::serve_request;
pub use room_page::RoomPage;
pub use rooms::UpdateRoom;
pub use sessions::{Actor, ClientInfo, LoginResult, SignIn, Token};
pub use store::{Changed, Receipt};
pub use users::{SignUp, SignedUp};

use avatars::ImageProcessor;
use caches::Caches;
use domain::{clock::Millis, error::AppError, ids::Epoch};
use limits::Limits;
use passwords::Passwords;
use publish::Publisher;
use reads::Reads;
use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::{Quotas, Store, Writer};
use tasks::ChangesUnderWay;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// The instance: what every page and every socket asks. Cheap to clone.
#[derive(Clone)]
pub struct Chat {
    store: Store,
    writer: Writer,
    publisher: Publisher,
    caches: Arc<Caches>,
    passwords: Passwords,
    image_processor: ImageProcessor,
    limits: Arc<Limits>,
    reads: Arc<Reads>,
    /// Held while a membership is changed, from the permission check until it has been published.
    membership_lock: Arc<tokio::sync::Mutex<()>>,
    /// Held while a profile is changed, from the transaction until it has been published.
    profile_lock: Arc<tokio::sync::Mutex<()>>,
    /// Whether rooms may be noted down that have not been told of a changed profile: at the start it is not known.
    profile_updates_wait: Arc<AtomicBool>,
    changes_under_way: ChangesUnderWay,
    now: Now,
}

/// Where the time comes from: the system's clock, or a test's.
pub type Now = Arc<dyn Fn() -> Millis + Send + Sync>;

/// Whether users and addresses are held to rates and quotas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimits {
    On,
    /// For tests, in which many people sign up from one address within a second.
    Off,
}

/// How often what has expired is removed.
const CLEANUP_INTERVAL: Duration = Duration::from_hours(1);
/// How often read positions are written.
const FLUSH_INTERVAL: Duration = Duration::from_secs(1);

impl Chat {
    /// Opens the instance over a database. Needs a tokio runtime.
    #[must_use]
    pub fn new(store: Store, limits: RateLimits, now: Now) -> Self {
        let store = match limits {
            RateLimits::On => store.with_quotas(Quotas::STANDARD),
            RateLimits::Off => store,
        };
        let caches = Arc::<Caches>::default();
        let publisher = Publisher { caches: caches.clone(), hub: Hub::default() };
        let of_writer = publisher.clone();
        let writer = Writer::start(store.clone(), move |committed| of_writer.publish(&committed));
        Self {
            store,
            writer,
            publisher,
            caches,
            passwords: Passwords::new(),
            image_processor: ImageProcessor::new(None),
            limits: Arc::new(Limits::new(limits, now.clone())),
            reads: Arc::default(),
            membership_lock: Arc::default(),
            profile_lock: Arc::default(),
            profile_updates_wait: Arc::new(AtomicBool::new(true)),
            changes_under_way: ChangesUnderWay::new(),
            now,
        }
    }

    /// Decodes images in child processes of this program, which answers [`DECODE_IMAGE`].
    #[must_use]
    pub fn with_image_program(mut self, program: PathBuf) -> Self {
        self.image_processor = ImageProcessor::new(Some(program));
        self
    }

    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.store.epoch()
    }

    #[must_use]
    pub const fn hub(&self) -> &Hub {
        &self.publisher.hub
    }

    /// Runs the periodic tasks for as long as the instance is open.
    pub async fn run_maintenance(self) {
        tokio::join!(self.run_periodically(), self.run_checkpoints());
    }

    async fn run_periodically(&self) {
        let (mut cleanups, mut flushes) = (interval(CLEANUP_INTERVAL), interval(FLUSH_INTERVAL));
        flushes.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = cleanups.tick() => self.cleanup().await,
                _ = flushes.tick() => self.flush().await,
            }
        }
    }

    /// Removes sessions, links and counters that have expired, and avatars that are not shown.
    async fn cleanup(&self) {
        self.limits.evict_idle();
        if let Err(error) = self.sweep_sessions().await {
            tracing::warn!(%error, "ended sessions could not be removed");
        }
        if let Err(error) = self.store.sweep_links(self.now()).await {
            tracing::warn!(%error, "ended invitation links could not be removed");
        }
        if let Err(error) = self.sweep_known_devices().await {
            tracing::warn!(%error, "known devices that have expired could not be removed");
        }
        if let Err(error) = self.sweep_pending_logins().await {
            tracing::warn!(%error, "pending logins that are over could not be removed");
        }
        if let Err(error) = self.sweep_avatars().await {
            tracing::warn!(%error, "unused avatars could not be removed");
        }
    }

    /// Writes read positions, and changed profiles to the rooms that have not recorded them yet.
    async fn flush(&self) {
        // Why it could not be written has been logged; it is tried again.
        let _ = self.write_reads().await;
        if self.profile_updates_wait.load(Ordering::Relaxed) {
            let record = |chat: Self| async move {
                let _guard = chat.profile_lock.lock().await;
                chat.record_profile_updates().await
            };
            let _ = self.run_to_completion(record).await;
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the store says when it is time again")]
    async fn run_checkpoints(&self) {
        loop {
            let pause = self.store.checkpoint().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the write-ahead log could not be checkpointed");
                FLUSH_INTERVAL
            });
            sleep(pause).await;
        }
    }

    /// The time, as this instance tells it.
    #[must_use]
    pub fn now(&self) -> Millis {
        (self.now)()
    }
}

impl fmt::Debug for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat").field("store", &self.store).finish_non_exhaustive()
    }
}

/// The system's clock.
#[must_use]
pub fn system_clock() -> Now {
    Arc::new(|| {
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Millis(millis.saturating_add(store::failpoints::clock_offset()))
    })
}

/// Logs what broke inside with an id, that of the request where there is one, which is all that the caller learns.
pub fn internal_error(error: &dyn fmt::Display) -> AppError {
    let id = requests::request_id().map_or_else(requests::fresh_id, |id| id.to_string());
    tracing::error!(%id, %error, "internal error");
    AppError::Internal { id }
}

/// Turns what `store` reports into what the caller is told.
trait MapStoreError<T> {
    fn map_store_error(self) -> Result<T, AppError>;
}

impl<T> MapStoreError<T> for store::Result<T> {
    fn map_store_error(self) -> Result<T, AppError> {
        self.map_err(|error| match error {
            store::Error::Busy => AppError::Busy,
            store::Error::QuotaReached { quota, most } => AppError::QuotaReached { quota, most },
            store::Error::Conflict => AppError::Conflict,
            error => internal_error(&error),
        })
    }
}
