//! Known devices: browsers on which a user has signed in. Only the hash of a device's token is kept.

use crate::{
    Result, Store,
    sql::{execute, exists},
};
use domain::{
    clock::Millis,
    ids::{SessionId, UserId},
    sessions::KNOWN_DEVICE_TTL_MILLIS,
};
use sea_orm::{ConnectionTrait, Value};

/// Of each user; beyond it the device that was used longest ago is forgotten.
const MAX_KNOWN_DEVICES: i64 = 50;

/// A device of a user who is signing in on it.
#[derive(Debug, Clone, Copy)]
pub struct DeviceUse {
    pub user: UserId,
    /// The session on the device: one that has been ended leaves no device behind.
    pub session: SessionId,
    /// The hash of the token that the device presented, if it did.
    pub presented: Option<[u8; 32]>,
    /// The hash of the token that it gets otherwise.
    pub new_token: [u8; 32],
    pub at: Millis,
}

/// Which token the device has from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceToken {
    Presented,
    New,
}

impl Store {
    /// Whether the user has signed in on the device.
    pub async fn is_known_device(
        &self,
        token_hash: &[u8; 32],
        user: UserId,
        now: Millis,
    ) -> Result<bool> {
        let values = [token_hash.to_vec().into(), user.uuid().into(), now.0.into()];
        exists(&self.read, KNOWN, values).await
    }

    /// Remembers the device. A token that the user is not known by is replaced, for all users of the device: it may
    /// have been planted. None when the session has been ended.
    pub async fn remember_device(&self, device: DeviceUse) -> Result<Option<DeviceToken>> {
        let DeviceUse { user, session, presented, new_token, at } = device;
        let expires_at = at.0.saturating_add(KNOWN_DEVICE_TTL_MILLIS);
        let user: Value = user.uuid().into();
        let transaction = self.begin_write().await?;
        let presented = presented.map(|hash| Value::from(hash.to_vec()));
        let session: Value = session.uuid().into();
        if let Some(presented) = &presented {
            let (presented, user) = (presented.clone(), user.clone());
            let values = [presented, user, expires_at.into(), at.0.into(), session.clone()];
            if execute(&transaction, RENEW, values).await? > 0 {
                transaction.commit().await?;
                return Ok(Some(DeviceToken::Presented));
            }
        }
        let new_token = Value::from(new_token.to_vec());
        let values = [new_token.clone(), user.clone(), expires_at.into(), session];
        if execute(&transaction, REMEMBER, values).await? == 0 {
            return Ok(None);
        }
        if let Some(presented) = presented {
            execute(&transaction, REPLACE, [presented, new_token]).await?;
        }
        execute(&transaction, FORGET_OLDEST, [user, MAX_KNOWN_DEVICES.into()]).await?;
        transaction.commit().await?;
        Ok(Some(DeviceToken::New))
    }

    /// Removes the devices that expired before `now`.
    pub async fn sweep_known_devices(&self, now: Millis) -> Result<u64> {
        let sql = "DELETE FROM known_devices WHERE expires_at <= $1";
        execute(&self.write, sql, [now.0.into()]).await
    }
}

/// Remembers a device on which the user has proven who they are, other than by a session.
pub(crate) async fn insert_known_device(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: [u8; 32],
    now: Millis,
) -> Result<()> {
    let expires_at = now.0.saturating_add(KNOWN_DEVICE_TTL_MILLIS);
    let values = [token_hash.to_vec().into(), user.uuid().into(), expires_at.into()];
    execute(db, KNOW, values).await.map(drop)
}

/// No device is known to belong to the user any more.
pub(crate) async fn delete_known_devices(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    let sql = "DELETE FROM known_devices WHERE user_id = $1";
    execute(db, sql, [user.uuid().into()]).await.map(drop)
}

const KNOWN: &str = "
    SELECT 1 FROM known_devices WHERE token_hash = $1 AND user_id = $2 AND expires_at > $3";
const KNOW: &str =
    "INSERT INTO known_devices (token_hash, user_id, expires_at) VALUES ($1, $2, $3)";
const RENEW: &str = "
    UPDATE known_devices SET expires_at = $3
    WHERE token_hash = $1 AND user_id = $2 AND expires_at > $4
        AND EXISTS (SELECT 1 FROM sessions WHERE id = $5)";
const REMEMBER: &str = "
    INSERT INTO known_devices (token_hash, user_id, expires_at)
    SELECT $1, $2, $3 FROM sessions WHERE id = $4";
const REPLACE: &str = "
    UPDATE known_devices SET token_hash = $2 WHERE token_hash = $1
        AND user_id NOT IN (SELECT user_id FROM known_devices WHERE token_hash = $2)";
const FORGET_OLDEST: &str = "
    DELETE FROM known_devices WHERE user_id = $1 AND token_hash NOT IN (
        SELECT token_hash FROM known_devices WHERE user_id = $1
        ORDER BY expires_at DESC, token_hash LIMIT $2)";
