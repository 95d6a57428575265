//! A room has a picture, if its owner gives it one.

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
ALTER TABLE "rooms" ADD COLUMN "picture_id" uuid_text NULL;
CREATE UNIQUE INDEX "rooms_picture" ON "rooms" ("picture_id");
"#;

const DOWN: &str = r#"
DROP INDEX "rooms_picture";
ALTER TABLE "rooms" DROP COLUMN "picture_id";
"#;
