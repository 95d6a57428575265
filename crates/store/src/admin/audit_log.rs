//! The audit log: what administrators did. Each entry is written in the transaction that does what it says.

use super::AdminCommand;
use crate::{
    Result, Store,
    pages::List,
    sql::{decode, execute},
};
use domain::{
    admin::{AdminAction, AuditLogEntry, UserRef},
    clock::Millis,
    ids::UserId,
    pagination::Paginated,
    users::DisplayName,
};
use sea_orm::{DatabaseTransaction, FromQueryResult};
use uuid::Uuid;

impl Store {
    /// What administrators did, the newest first.
    pub async fn audit_log(
        &self,
        page: usize,
        per_page: usize,
    ) -> Result<Paginated<AuditLogEntry>> {
        let list = List {
            columns: "d.action, d.actor_id, d.target_id, d.done_at, af.name AS actor_name, tf.name AS target_name",
            from: AUDIT_LOG,
            condition: "TRUE",
            order: "d.id DESC",
            values: Vec::new(),
        };
        self.list(list, page, per_page, AuditLogRow::entry).await
    }
}

const AUDIT_LOG: &str = "audit_log d
    LEFT JOIN users a ON a.id = d.actor_id
    LEFT JOIN profiles af ON af.id = a.default_profile_id
    LEFT JOIN users t ON t.id = d.target_id
    LEFT JOIN profiles tf ON tf.id = t.default_profile_id";

pub(crate) async fn insert_audit(
    transaction: &DatabaseTransaction,
    doing: AdminCommand,
    user: Option<UserId>,
) -> Result<()> {
    let values = [
        Uuid::now_v7().into(),
        doing.action.code().into(),
        doing.by.map(UserId::uuid).into(),
        user.map(UserId::uuid).into(),
        doing.at.0.into(),
    ];
    let insert = "INSERT INTO audit_log (id, action, actor_id, target_id, done_at) VALUES ($1, $2, $3, $4, $5)";
    execute(transaction, insert, values).await.map(drop)
}

#[derive(Debug, FromQueryResult)]
struct AuditLogRow {
    action: String,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    target_id: Option<Uuid>,
    target_name: Option<String>,
    done_at: i64,
}

impl AuditLogRow {
    fn entry(self) -> Result<AuditLogEntry> {
        let user = |id: Option<Uuid>, name: Option<String>| {
            // The name of a deleted account is empty.
            let user = |(id, name): (_, String)| UserRef {
                id: UserId::from_uuid(id),
                name: DisplayName::parse(&name).ok(),
            };
            id.zip(name).map(user)
        };
        Ok(AuditLogEntry {
            action: decode(AdminAction::from_code(&self.action), "action")?,
            actor: user(self.actor_id, self.actor_name),
            target: user(self.target_id, self.target_name),
            at: Millis(self.done_at),
        })
    }
}
