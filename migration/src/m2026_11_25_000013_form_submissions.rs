//! What forms have made, by the id that each form carries: sent twice, it makes one.

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(UP).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DOWN).await.map(|_| ())
    }
}

/// `made_id` is a room, a profile or a link, which may be gone since: so it refers to none of them.
const UP: &str = r#"
CREATE TABLE "form_submissions" (
    "user_id" uuid_text NOT NULL,
    "client_id" uuid_text NOT NULL,
    "content_hash" blob NOT NULL,
    "made_id" uuid_text NOT NULL,
    "submitted_at" bigint NOT NULL,
    PRIMARY KEY ("user_id", "client_id"),
    FOREIGN KEY ("user_id") REFERENCES "people" ("id")
);
"#;

const DOWN: &str = r#"
DROP TABLE "form_submissions";
"#;
