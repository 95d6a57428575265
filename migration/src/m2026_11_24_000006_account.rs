//! Accounts: what a person has chosen for every device, that an account can be deleted, and a second step
//! at sign-in.

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

/// Whoever has deleted their account keeps a row, to which their lines refer. `fresh_codes` are the recovery
/// codes while they are being shown; from the confirmation on there are only their hashes. `last_step` is the
/// latest thirty seconds whose code has been used.
const UP: &str = r#"
ALTER TABLE "people" ADD COLUMN "language" varchar NULL;
ALTER TABLE "people" ADD COLUMN "theme" varchar NULL;
ALTER TABLE "people" ADD COLUMN "deleted_at" bigint NULL;

CREATE TABLE "second_steps" (
    "person_id" uuid_text NOT NULL PRIMARY KEY,
    "secret" blob NOT NULL,
    "fresh_codes" varchar NULL,
    "confirmed_at" bigint NULL,
    "last_step" bigint NOT NULL DEFAULT 0,
    CHECK (("fresh_codes" IS NULL) = ("confirmed_at" IS NOT NULL)),
    FOREIGN KEY ("person_id") REFERENCES "people" ("id")
);

CREATE TABLE "recovery_codes" (
    "person_id" uuid_text NOT NULL,
    "code_hash" blob NOT NULL,
    PRIMARY KEY ("person_id", "code_hash"),
    FOREIGN KEY ("person_id") REFERENCES "people" ("id")
);

CREATE TABLE "half_sign_ins" (
    "token_hash" blob NOT NULL PRIMARY KEY,
    "person_id" uuid_text NOT NULL,
    "tries" integer NOT NULL DEFAULT 0,
    "began_at" bigint NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "people" ("id")
);
CREATE INDEX "half_sign_ins_person" ON "half_sign_ins" ("person_id");
"#;

const DOWN: &str = r#"
DROP TABLE "half_sign_ins";
DROP TABLE "recovery_codes";
DROP TABLE "second_steps";
ALTER TABLE "people" DROP COLUMN "deleted_at";
ALTER TABLE "people" DROP COLUMN "theme";
ALTER TABLE "people" DROP COLUMN "language";
"#;
