//! Known devices: browsers on which a user has signed in. Wrong passwords from elsewhere do not keep them out.

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

/// A device that several users share has a row for each of them.
const UP: &str = r#"
CREATE TABLE "known_devices" (
    "token_hash" blob NOT NULL,
    "user_id" uuid_text NOT NULL,
    "expires_at" bigint NOT NULL,
    PRIMARY KEY ("token_hash", "user_id"),
    FOREIGN KEY ("user_id") REFERENCES "people" ("id")
);
CREATE INDEX "known_devices_user" ON "known_devices" ("user_id", "expires_at");
"#;

const DOWN: &str = r#"DROP TABLE "known_devices";"#;
