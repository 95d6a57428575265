//! How many rooms a user has made lately is asked before each new one.

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = r#"CREATE INDEX "rooms_maker" ON "rooms" ("created_by", "created_at")"#;
        manager.get_connection().execute_unprepared(sql).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = r#"DROP INDEX "rooms_maker""#;
        manager.get_connection().execute_unprepared(sql).await.map(|_| ())
    }
}
