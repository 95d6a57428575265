//! Being asked into a room: by name, and by links that let in whoever has them.

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

/// An invitation is there until it is answered or taken back; a link until it has run out or is revoked. Of
/// a link's secret only the hash is kept.
const UP: &str = r#"
CREATE TABLE "invitations" (
    "room_id" uuid_text NOT NULL,
    "person_id" uuid_text NOT NULL,
    "by_id" uuid_text NOT NULL,
    "invited_at" bigint NOT NULL,
    PRIMARY KEY ("room_id", "person_id"),
    FOREIGN KEY ("room_id") REFERENCES "rooms" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "people" ("id"),
    FOREIGN KEY ("by_id") REFERENCES "people" ("id")
);
CREATE INDEX "invitations_person" ON "invitations" ("person_id");

CREATE TABLE "invitation_links" (
    "id" uuid_text NOT NULL PRIMARY KEY,
    "token_hash" blob NOT NULL UNIQUE,
    "room_id" uuid_text NOT NULL,
    "by_id" uuid_text NOT NULL,
    "expires_at" bigint NOT NULL,
    "uses" bigint NOT NULL,
    "uses_most" bigint NULL,
    FOREIGN KEY ("room_id") REFERENCES "rooms" ("id"),
    FOREIGN KEY ("by_id") REFERENCES "people" ("id")
);
CREATE INDEX "invitation_links_room" ON "invitation_links" ("room_id", "expires_at");
"#;

const DOWN: &str = r#"
DROP TABLE "invitation_links";
DROP TABLE "invitations";
"#;
