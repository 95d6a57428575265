//! Sessions: only the hash of a token is kept, so that a stolen copy of the file signs no one in.

use crate::{
    Committed, Result, Store,
    account::{active_user, end_sessions},
    entities::{pending_logins, sessions, users},
    sql::execute,
    two_factor::{GivenCode, PendingLogin, asks_for_code, begin_pending_login, use_code},
};
use domain::{
    clock::Millis,
    ids::{SessionId, UserId},
    sessions::SessionTimes,
    users::CurrentUser,
};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewSession {
    pub user: UserId,
    /// SHA-256 of the token in the cookie.
    pub token_hash: [u8; 32],
    /// What the browser calls itself, for a list of devices.
    pub device: String,
    pub at: Millis,
    /// The session that the browser had until now, which ends with the opening of this one.
    pub replaces: Option<SessionId>,
}

#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    /// Whose it is, as they see themselves.
    pub viewer: CurrentUser,
    pub times: SessionTimes,
    /// Their account has notices that they have not read.
    pub has_unread_notices: bool,
}

/// A session as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    pub id: SessionId,
    /// What the browser called itself.
    pub device: String,
    pub times: SessionTimes,
}

impl From<sessions::Model> for OpenSession {
    fn from(row: sessions::Model) -> Self {
        Self { id: SessionId::from_uuid(row.id), times: times(&row), device: row.device }
    }
}

/// What becomes of a sign-in whose password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdmissionOutcome {
    /// The session is open.
    Session(SessionId),
    /// A pending login of the same token waits for the code.
    NeedsCode,
    Suspended,
    /// The password is another one by now, or there is no such user any more.
    PasswordChanged,
}

/// What became of a pending login for which a code was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeOutcome {
    /// The session is open, the code used.
    Session(SessionId),
    /// It still waits for a code.
    Wrong,
    /// It has been ended, by a changed password for one. The code has not been used.
    Over,
}

const OPEN: &str = "
    INSERT INTO sessions (id, token_hash, user_id, device, created_at, last_used_at)
    SELECT $1, $2, p.id, $4, $5, $5 FROM users p WHERE p.id = $3 AND p.suspended_at IS NULL
        AND p.deleted_at IS NULL";

impl Store {
    /// Opens a session for a user whose password was checked, or a pending login where the account asks for a code:
    /// in the transaction that sees that the hash is still the one that was checked, so that a password that changes
    /// during the check lets in no one.
    pub async fn admit(
        &self,
        new: NewSession,
        checked_hash: &str,
    ) -> Result<(AdmissionOutcome, Committed)> {
        let refused = |admission| Ok((admission, Committed::default()));
        let committed = replacing(&new);
        let transaction = self.begin_write().await?;
        let find = users::Entity::find().filter(active_user(new.user));
        let user = find.one(&transaction).await?;
        let Some(user) = user.filter(|user| user.password_hash == checked_hash) else {
            return refused(AdmissionOutcome::PasswordChanged);
        };
        if user.suspended_at.is_some() {
            return refused(AdmissionOutcome::Suspended);
        }
        let admission = if asks_for_code(&transaction, new.user).await? {
            let pending = PendingLogin { user: new.user, began_at: new.at };
            begin_pending_login(&transaction, new.token_hash, pending).await?;
            (AdmissionOutcome::NeedsCode, Committed::default())
        } else {
            match insert_session(&transaction, new).await? {
                Some(session) => (AdmissionOutcome::Session(session), committed),
                None => return refused(AdmissionOutcome::PasswordChanged),
            }
        };
        transaction.commit().await?;
        Ok(admission)
    }

    /// Ends a pending login, uses the code that was given for it, and opens its session: all of it or nothing.
    pub async fn finish_pending_login(
        &self,
        pending_login_hash: [u8; 32],
        code: GivenCode,
        new: NewSession,
    ) -> Result<(CodeOutcome, Committed)> {
        let refused = |answer| Ok((answer, Committed::default()));
        let committed = replacing(&new);
        let transaction = self.begin_write().await?;
        let pending = pending_logins::Entity::delete_by_id(pending_login_hash.to_vec());
        if pending.exec(&transaction).await?.rows_affected == 0 {
            return refused(CodeOutcome::Over);
        }
        if !use_code(&transaction, new.user, code).await? {
            return refused(CodeOutcome::Wrong);
        }
        let Some(session) = insert_session(&transaction, new).await? else {
            return refused(CodeOutcome::Over);
        };
        transaction.commit().await?;
        Ok((CodeOutcome::Session(session), committed))
    }

    /// Ends every session of the user but one; no device stays known.
    pub async fn end_other_sessions(&self, user: UserId, stays: SessionId) -> Result<Committed> {
        let transaction = self.begin_write().await?;
        let ended_sessions = end_sessions(&transaction, user, Some(stays)).await?;
        transaction.commit().await?;
        Ok(Committed { ended_sessions, ..Committed::default() })
    }

    /// Opens a session and ends the one that it replaces, both or neither. None for a user who is
    /// suspended.
    pub async fn open_session(&self, new: NewSession) -> Result<Option<(SessionId, Committed)>> {
        let committed = replacing(&new);
        let transaction = self.begin_write().await?;
        let Some(opened) = insert_session(&transaction, new).await? else { return Ok(None) };
        transaction.commit().await?;
        Ok(Some((opened, committed)))
    }

    pub async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<Session>> {
        let of_token = sessions::Column::TokenHash.eq(token_hash.to_vec());
        let Some(row) = sessions::Entity::find().filter(of_token).one(&self.read).await? else {
            return Ok(None);
        };
        // A sign-in may have been on its way while its person deleted their account.
        let user = UserId::from_uuid(row.user_id);
        let Some(viewer) = self.viewer(user).await? else { return Ok(None) };
        Ok(Some(Session {
            id: SessionId::from_uuid(row.id),
            viewer,
            times: times(&row),
            has_unread_notices: self.has_unread_notices(user).await?,
        }))
    }

    /// None when it has been ended.
    pub async fn session_times(&self, id: SessionId) -> Result<Option<SessionTimes>> {
        let row = sessions::Entity::find_by_id(id.uuid()).one(&self.read).await?;
        Ok(row.as_ref().map(times))
    }

    /// Stores a use. Never takes back a later one.
    pub async fn touch_session(&self, id: SessionId, at: Millis) -> Result<Committed> {
        sessions::Entity::update_many()
            .col_expr(sessions::Column::LastUsedAt, Expr::value(at.0))
            .filter(sessions::Column::Id.eq(id.uuid()))
            .filter(sessions::Column::LastUsedAt.lt(at.0))
            .exec(&self.write)
            .await?;
        Ok(Committed { changed_sessions: vec![id], ..Committed::default() })
    }

    /// The user's sessions, the one that was used last first.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<OpenSession>> {
        let rows = sessions::Entity::find()
            .filter(sessions::Column::UserId.eq(user.uuid()))
            .order_by_desc(sessions::Column::LastUsedAt)
            .order_by_desc(sessions::Column::Id)
            .all(&self.read)
            .await?;
        Ok(rows.into_iter().map(OpenSession::from).collect())
    }

    pub async fn end_session(&self, id: SessionId) -> Result<Committed> {
        sessions::Entity::delete_by_id(id.uuid()).exec(&self.write).await?;
        Ok(Committed { ended_sessions: vec![id], ..Committed::default() })
    }

    /// Removes the sessions that were opened, or last used, at these moments or before.
    pub async fn sweep_sessions(&self, until: SessionTimes) -> Result<u64> {
        let ended = Condition::any()
            .add(sessions::Column::CreatedAt.lte(until.opened_at.0))
            .add(sessions::Column::LastUsedAt.lte(until.last_used_at.0));
        let swept = sessions::Entity::delete_many().filter(ended).exec(&self.write).await?;
        Ok(swept.rows_affected)
    }
}

/// What opening this session ends.
fn replacing(new: &NewSession) -> Committed {
    Committed { ended_sessions: new.replaces.into_iter().collect(), ..Committed::default() }
}

const fn times(row: &sessions::Model) -> SessionTimes {
    SessionTimes { opened_at: Millis(row.created_at), last_used_at: Millis(row.last_used_at) }
}

async fn insert_session(
    transaction: &DatabaseTransaction,
    new: NewSession,
) -> Result<Option<SessionId>> {
    let (id, replaces) = (Uuid::now_v7(), new.replaces);
    let values = [
        id.into(),
        new.token_hash.to_vec().into(),
        new.user.uuid().into(),
        new.device.into(),
        new.at.0.into(),
    ];
    if execute(transaction, OPEN, values).await? == 0 {
        return Ok(None);
    }
    if let Some(earlier) = replaces {
        sessions::Entity::delete_by_id(earlier.uuid()).exec(transaction).await?;
    }
    Ok(Some(SessionId::from_uuid(id)))
}
