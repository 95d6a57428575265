//! Sessions: only the hash of a token is kept, so that a stolen copy of the file opens no door.

use crate::{Result, Store, entities::sessions};
use domain::{
    clock::Millis,
    ids::{PersonId, SessionId},
    people::Viewer,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement, sea_query::Expr,
};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewSession {
    pub person: PersonId,
    /// SHA-256 of the token in the cookie.
    pub token_hash: [u8; 32],
    /// What the browser calls itself, for a list of devices.
    pub device: String,
    pub at: Millis,
}

#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    /// Whose it is, as they see themselves.
    pub viewer: Viewer,
    pub last_used_at: Millis,
}

/// A session as its person may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    pub id: SessionId,
    /// What the browser called itself.
    pub device: String,
    pub created_at: Millis,
    pub last_used_at: Millis,
}

impl From<sessions::Model> for OpenSession {
    fn from(row: sessions::Model) -> Self {
        Self {
            id: SessionId::from_uuid(row.id),
            device: row.device,
            created_at: Millis(row.created_at),
            last_used_at: Millis(row.last_used_at),
        }
    }
}

const OPEN: &str = "
    INSERT INTO sessions (id, token_hash, person_id, device, created_at, last_used_at)
    SELECT $1, $2, p.id, $4, $5, $5 FROM people p WHERE p.id = $3 AND p.suspended_at IS NULL
        AND p.deleted_at IS NULL";

impl Store {
    /// None for somebody who is suspended, whenever that happened.
    pub async fn open_session(&self, new: NewSession) -> Result<Option<SessionId>> {
        let id = Uuid::now_v7();
        let values = [
            id.into(),
            new.token_hash.to_vec().into(),
            new.person.uuid().into(),
            new.device.into(),
            new.at.0.into(),
        ];
        let backend = self.write.get_database_backend();
        let open = Statement::from_sql_and_values(backend, OPEN, values);
        let opened = self.write.execute_raw(open).await?.rows_affected() > 0;
        Ok(opened.then(|| SessionId::from_uuid(id)))
    }

    pub async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<Session>> {
        let of_token = sessions::Column::TokenHash.eq(token_hash.to_vec());
        let Some(row) = sessions::Entity::find().filter(of_token).one(&self.read).await? else {
            return Ok(None);
        };
        // A sign-in may have been on its way while its person deleted their account.
        let viewer = self.viewer(PersonId::from_uuid(row.person_id)).await?;
        Ok(viewer.map(|viewer| Session {
            id: SessionId::from_uuid(row.id),
            viewer,
            last_used_at: Millis(row.last_used_at),
        }))
    }

    /// When it was last used. None when it has been ended.
    pub async fn session_last_used(&self, id: SessionId) -> Result<Option<Millis>> {
        let row = sessions::Entity::find_by_id(id.uuid()).one(&self.read).await?;
        Ok(row.map(|row| Millis(row.last_used_at)))
    }

    /// Writes down a use. Never takes back a later one.
    pub async fn touch_session(&self, id: SessionId, at: Millis) -> Result<()> {
        sessions::Entity::update_many()
            .col_expr(sessions::Column::LastUsedAt, Expr::value(at.0))
            .filter(sessions::Column::Id.eq(id.uuid()))
            .filter(sessions::Column::LastUsedAt.lt(at.0))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// The person's sessions, the one that was used last first.
    pub async fn sessions_of(&self, person: PersonId) -> Result<Vec<OpenSession>> {
        let rows = sessions::Entity::find()
            .filter(sessions::Column::PersonId.eq(person.uuid()))
            .order_by_desc(sessions::Column::LastUsedAt)
            .order_by_desc(sessions::Column::Id)
            .all(&self.read)
            .await?;
        Ok(rows.into_iter().map(OpenSession::from).collect())
    }

    pub async fn end_session(&self, id: SessionId) -> Result<()> {
        sessions::Entity::delete_by_id(id.uuid()).exec(&self.write).await?;
        Ok(())
    }

    /// Removes the sessions that were last used before `before`.
    pub async fn sweep_sessions(&self, before: Millis) -> Result<u64> {
        let stale = sessions::Column::LastUsedAt.lt(before.0);
        let swept = sessions::Entity::delete_many().filter(stale).exec(&self.write).await?;
        Ok(swept.rows_affected)
    }
}
