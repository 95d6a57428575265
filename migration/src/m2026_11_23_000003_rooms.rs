//! Kinds of rooms, roles, and what becomes of memberships; one-to-one rooms; what happened in a room
//! besides what was said. The rooms that there are stay open, and belong to whoever made them.

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

/// A pair of people has one room for ever, in whichever order they are named. A room that has been closed
/// keeps its rows.
const UP: &str = r#"
ALTER TABLE "rooms" ADD COLUMN "kind" varchar NOT NULL DEFAULT 'open';
ALTER TABLE "rooms" ADD COLUMN "description" varchar NOT NULL DEFAULT '';
ALTER TABLE "rooms" ADD COLUMN "closed_at" bigint NULL;
CREATE INDEX "rooms_kind" ON "rooms" ("kind");

ALTER TABLE "memberships" ADD COLUMN "role" varchar NOT NULL DEFAULT 'member';
ALTER TABLE "memberships" ADD COLUMN "state" varchar NOT NULL DEFAULT 'in';
UPDATE "memberships" SET "role" = 'owner' WHERE "person_id" =
    (SELECT r."created_by" FROM "rooms" r WHERE r."id" = "memberships"."room_id");

CREATE TABLE "pairs" (
    "low" uuid_text NOT NULL,
    "high" uuid_text NOT NULL,
    "room_id" uuid_text NOT NULL UNIQUE,
    PRIMARY KEY ("low", "high"),
    CHECK ("low" <= "high"),
    FOREIGN KEY ("low") REFERENCES "people" ("id"),
    FOREIGN KEY ("high") REFERENCES "people" ("id"),
    FOREIGN KEY ("room_id") REFERENCES "rooms" ("id")
);

CREATE TABLE "events" (
    "room_id" uuid_text NOT NULL,
    "seq" bigint NOT NULL,
    "what" varchar NOT NULL,
    "by_id" uuid_text NOT NULL,
    "person_id" uuid_text NOT NULL,
    "happened_at" bigint NOT NULL,
    PRIMARY KEY ("room_id", "seq"),
    FOREIGN KEY ("room_id") REFERENCES "rooms" ("id"),
    FOREIGN KEY ("by_id") REFERENCES "people" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "people" ("id")
);
"#;

const DOWN: &str = r#"
DROP TABLE "events";
DROP TABLE "pairs";
ALTER TABLE "memberships" DROP COLUMN "state";
ALTER TABLE "memberships" DROP COLUMN "role";
DROP INDEX "rooms_kind";
ALTER TABLE "rooms" DROP COLUMN "closed_at";
ALTER TABLE "rooms" DROP COLUMN "description";
ALTER TABLE "rooms" DROP COLUMN "kind";
"#;
