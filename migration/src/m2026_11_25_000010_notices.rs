//! What users are told about their accounts that others have done, and which session sets a second step up.

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

/// `by_id` is null for what the operator did on the machine. A second step that was being set up was begun without
/// the password, so it is begun again.
const UP: &str = r#"
CREATE TABLE "notices" (
    "id" uuid_text NOT NULL PRIMARY KEY,
    "user_id" uuid_text NOT NULL,
    "what" varchar NOT NULL,
    "by_id" uuid_text NULL,
    "created_at" bigint NOT NULL,
    "seen_at" bigint NULL,
    FOREIGN KEY ("user_id") REFERENCES "people" ("id"),
    FOREIGN KEY ("by_id") REFERENCES "people" ("id")
);
CREATE INDEX "notices_user" ON "notices" ("user_id", "id");

DELETE FROM "second_steps" WHERE "confirmed_at" IS NULL;
ALTER TABLE "second_steps" ADD COLUMN "session_id" uuid_text NULL;
"#;

const DOWN: &str = r#"
ALTER TABLE "second_steps" DROP COLUMN "session_id";
DROP TABLE "notices";
"#;
