//! Profiles: what people are called moves out of their own row into a row of its own, of which each has
//! several and one by default.
//!
//! A person's default must be a profile of theirs and is never missing: so the two tables refer to each
//! other, which SQLite can only be told while it makes a table. `people` is made anew and its rows are
//! copied, the way that SQLite describes (<https://www.sqlite.org/lang_altertable.html#otheralter>).

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// What others refer to is dropped for a moment, and no transaction can be told to overlook that: it
    /// has to be said before it begins.
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Written down after the commit: who was cut off between the two comes here again.
        if manager.has_column("people", "default_profile_id").await? {
            return Ok(());
        }
        in_one_go(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        in_one_go(manager, DOWN).await
    }
}

/// Everything or nothing of it.
async fn in_one_go(manager: &SchemaManager<'_>, steps: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    db.execute_unprepared("PRAGMA foreign_keys = OFF").await?;
    let done = db.execute_unprepared(&format!("BEGIN IMMEDIATE; {steps} COMMIT;")).await;
    if done.is_err() {
        // There may be nothing to take back.
        let _ = db.execute_unprepared("ROLLBACK").await;
    }
    db.execute_unprepared("PRAGMA foreign_keys = ON").await?;
    done.map(|_| ())
}

/// Everybody gets one profile, under their own id: that is free, and nobody ever sees it.
const UP: &str = r#"
CREATE TABLE "profiles" (
    "id" uuid_text NOT NULL PRIMARY KEY,
    "person_id" uuid_text NOT NULL,
    "name" varchar NOT NULL,
    "picture_id" uuid_text NULL,
    "created_at" bigint NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "people" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "profiles_person" ON "profiles" ("person_id", "id");
CREATE UNIQUE INDEX "profiles_picture" ON "profiles" ("picture_id");
INSERT INTO "profiles" ("id", "person_id", "name", "created_at")
    SELECT "id", "id", "name", "created_at" FROM "people";

CREATE TABLE "people_anew" (
    "id" uuid_text NOT NULL PRIMARY KEY,
    "email" varchar NOT NULL UNIQUE,
    "default_profile_id" uuid_text NOT NULL,
    "password_hash" varchar NOT NULL,
    "created_at" bigint NOT NULL,
    FOREIGN KEY ("id", "default_profile_id") REFERENCES "profiles" ("person_id", "id")
        DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "people_anew" ("id", "email", "default_profile_id", "password_hash", "created_at")
    SELECT "id", "email", "id", "password_hash", "created_at" FROM "people";
DROP TABLE "people";
ALTER TABLE "people_anew" RENAME TO "people";

ALTER TABLE "memberships" ADD COLUMN "profile_id" uuid_text NULL REFERENCES "profiles" ("id");
CREATE INDEX "memberships_profile" ON "memberships" ("profile_id");
"#;

const DOWN: &str = r#"
DROP INDEX "memberships_profile";
ALTER TABLE "memberships" DROP COLUMN "profile_id";
CREATE TABLE "people_before" (
    "id" uuid_text NOT NULL PRIMARY KEY,
    "email" varchar NOT NULL UNIQUE,
    "name" varchar NOT NULL,
    "password_hash" varchar NOT NULL,
    "created_at" bigint NOT NULL
);
INSERT INTO "people_before" ("id", "email", "name", "password_hash", "created_at")
    SELECT p."id", p."email", f."name", p."password_hash", p."created_at"
    FROM "people" p JOIN "profiles" f ON f."id" = p."default_profile_id";
DROP TABLE "people";
ALTER TABLE "people_before" RENAME TO "people";
DROP TABLE "profiles";
"#;
