//! The database. The only crate that speaks to it; rows never leave this crate, which takes and returns the types of
//! `domain`.
//!
//! One connection writes, each write transaction beginning IMMEDIATE; a pool of others reads.

mod account;
mod admin;
mod avatars;
mod backup;
mod changes;
mod checkpoint;
mod chunks;
mod committed;
mod deletion;
mod direct;
mod directory;
mod entities;
mod events;
mod export;
pub mod failpoints;
mod feed;
mod files;
mod history;
mod invitation_links;
mod invitations;
mod known_devices;
mod location;
mod lock;
mod memberships;
mod messages;
mod notices;
mod open;
mod pages;
mod password_resets;
mod permissions;
#[cfg(test)]
mod plans;
mod profile_updates;
mod profiles;
mod quotas;
mod reads;
mod restore;
mod room_list;
mod room_profiles;
mod rooms;
mod schema;
mod sessions;
mod setup;
mod sql;
mod sqlite;
mod submissions;
mod two_factor;
mod users;
mod writer;

pub use account::{AccountRow, EmailOutcome};
pub use admin::{AdminCommand, AdminOutcome};
pub use avatars::EncodedImage;
pub use changes::Changed;
pub use committed::Committed;
pub use deletion::DeletionOutcome;
pub use direct::DirectRoom;
pub use export::{EXPORT_PAGE, OwnRoom};
pub use invitation_links::{InviteSignUpOutcome, JoinOutcome, NewLink};
pub use known_devices::{DeviceToken, DeviceUse};
pub use memberships::{LeaveOutcome, MembershipChange, RoomAccess, TransferOutcome};
pub use messages::NewMessage;
pub use pages::PageQuery;
pub use profiles::ProfileOutcome;
pub use quotas::Quotas;
pub use reads::ReadMark;
pub use restore::{Renewal, Restored, restore};
pub use rooms::{NewRoom, RoomDetails};
pub use sessions::{AdmissionOutcome, CodeOutcome, NewSession, OpenSession, Session};
pub use setup::{SetupProof, SignUpOutcome};
pub use submissions::Submission;
pub use two_factor::{GivenCode, PendingLogin, TotpState};
pub use users::{Credentials, NewUser};
pub use writer::{Command, Posted, Receipt, Writer};

use checkpoint::Leftovers;
use domain::{ids::Epoch, quotas::Quota};
use lock::DatabaseLock;
pub use lock::ServerLock;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, SqlErr, TransactionTrait};
use std::{
    path::Path,
    sync::{Arc, atomic::AtomicI64},
};

/// The database, open. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// The folder of the avatars, which exists once there is one.
    avatars: Arc<Path>,
    /// Taken before the folder is held for a removal: removals wait for each other, and only for each other.
    avatar_removal: Arc<tokio::sync::Mutex<()>>,
    epoch: Epoch,
    lock: DatabaseLock,
    quotas: Quotas,
    leftovers: Arc<Leftovers>,
    /// The pages of the write-ahead log when it was last checkpointed.
    log_pages: Arc<AtomicI64>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("database: {0}")]
    Database(#[from] DbErr),
    #[error("avatars: {0}")]
    Avatars(#[from] object_store::Error),
    /// A row holds what no rule of `domain` lets in: another program wrote it.
    #[error("the database holds an impossible {what}")]
    Corrupt { what: &'static str },
    /// There are as many of these as there may be.
    #[error("quota reached: {quota:?}, {most}")]
    QuotaReached { quota: Quota, most: u32 },
    /// The same client id was sent before with another content.
    #[error("conflict with what was sent before")]
    Conflict,
    /// More writes wait than may.
    #[error("too many writes are waiting")]
    Busy,
    /// The writer has stopped.
    #[error("the writer has stopped")]
    Stopped,
    /// What was asked of the file cannot be done with it; the text says why, for the operator.
    #[error("{0}")]
    File(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Store {
    /// Which life of the database this is.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The same database, held to these quotas. Without this there are none.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    async fn begin_write(&self) -> Result<DatabaseTransaction> {
        sqlite::begin_write(&self.write).await
    }

    /// Several reads that see the database at one moment.
    async fn begin_snapshot(&self) -> Result<DatabaseTransaction> {
        Ok(self.read.begin().await?)
    }
}

fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn is_constraint_violation(error: &DbErr) -> bool {
    error.sql_err().is_some()
}
