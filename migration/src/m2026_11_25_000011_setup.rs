//! The link by which the first account is made, and until when cookies are read under the names that earlier
//! versions gave them.

use sea_orm_migration::prelude::*;
use std::time::{Duration, SystemTime};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Sessions that an earlier version opened ended a day after their last use.
const OLD_COOKIES_READ: Duration = Duration::from_hours(24);

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let until = now.saturating_add(OLD_COOKIES_READ).as_millis();
        let db = manager.get_connection();
        db.execute_unprepared(UP).await?;
        let read_on = format!(r#"UPDATE "house" SET "old_cookies_until" = {until}"#);
        db.execute_unprepared(&read_on).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DOWN).await.map(|_| ())
    }
}

/// A new instance has no row yet, and so reads no old names. Of the link's secret only the hash is kept.
const UP: &str = r#"
ALTER TABLE "house" ADD COLUMN "old_cookies_until" bigint NOT NULL DEFAULT 0;
ALTER TABLE "house" ADD COLUMN "setup_hash" blob NULL;
"#;

const DOWN: &str = r#"
ALTER TABLE "house" DROP COLUMN "setup_hash";
ALTER TABLE "house" DROP COLUMN "old_cookies_until";
"#;
