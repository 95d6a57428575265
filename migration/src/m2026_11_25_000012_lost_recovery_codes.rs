//! Restoring a backup ends all recovery codes. In a backup that is older than notices are, the restore writes down
//! whose codes those were; here they become notices.

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

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

/// The id begins with the time, as in a UUID of version 7, since notices are shown in the order of their ids.
const UP: &str = r#"
CREATE TABLE IF NOT EXISTS "lost_recovery_codes" (
    "user_id" uuid_text NOT NULL PRIMARY KEY,
    "lost_at" bigint NOT NULL
);
INSERT INTO "notices" ("id", "user_id", "what", "created_at")
    SELECT unhex(printf('%012x', "lost_at") || '7' || substr(hex(randomblob(10)), 2)),
        "user_id", 'recovery_codes_ended', "lost_at"
    FROM "lost_recovery_codes";
DROP TABLE "lost_recovery_codes";
"#;
