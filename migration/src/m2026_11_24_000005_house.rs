//! Who looks after the house and who may sign up, what administrators did, and links by which somebody chooses
//! a new password. Where people live already, whoever came first looks after it.

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

/// Of a link's secret only the hash is kept; a person has one at a time.
const UP: &str = r#"
ALTER TABLE "people" ADD COLUMN "role" varchar NOT NULL DEFAULT 'member';
ALTER TABLE "people" ADD COLUMN "suspended_at" bigint NULL;
UPDATE "people" SET "role" = 'administrator' WHERE "id" =
    (SELECT "id" FROM "people" ORDER BY "created_at", "id" LIMIT 1);
ALTER TABLE "house" ADD COLUMN "sign_up" varchar NOT NULL DEFAULT 'open';

CREATE TABLE "resets" (
    "person_id" uuid_text NOT NULL PRIMARY KEY,
    "token_hash" blob NOT NULL UNIQUE,
    "expires_at" bigint NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "people" ("id")
);

CREATE TABLE "deeds" (
    "id" uuid_text NOT NULL PRIMARY KEY,
    "what" varchar NOT NULL,
    "by_id" uuid_text NULL,
    "person_id" uuid_text NULL,
    "done_at" bigint NOT NULL,
    FOREIGN KEY ("by_id") REFERENCES "people" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "people" ("id")
);
"#;

const DOWN: &str = r#"
DROP TABLE "deeds";
DROP TABLE "resets";
ALTER TABLE "house" DROP COLUMN "sign_up";
ALTER TABLE "people" DROP COLUMN "suspended_at";
ALTER TABLE "people" DROP COLUMN "role";
"#;
