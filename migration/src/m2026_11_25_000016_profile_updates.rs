//! The rooms that have yet to take a number for a change of a member's profile.

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

const UP: &str = r#"
CREATE TABLE "profile_updates" (
    "room_id" uuid_text NOT NULL,
    "user_id" uuid_text NOT NULL,
    PRIMARY KEY ("room_id", "user_id"),
    FOREIGN KEY ("room_id") REFERENCES "rooms" ("id"),
    FOREIGN KEY ("user_id") REFERENCES "people" ("id")
);
"#;

const DOWN: &str = r#"
DROP TABLE "profile_updates";
"#;
