//! A view of the memberships with the name and the avatar that the room sees: those of the profile that was chosen for
//! the room, else of the user's default. A later step that makes one of its tables anew drops the view first.

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
CREATE VIEW "displayed_members" AS
SELECT ms."room_id", ms."user_id", ms."rev", ms."status", ms."role", ms."joined_at",
    f."name", f."avatar_id", u."deleted_at" AS "user_deleted_at"
FROM "memberships" ms
JOIN "users" u ON u."id" = ms."user_id"
JOIN "profiles" f ON f."id" = COALESCE(ms."profile_id", u."default_profile_id");
"#;

const DOWN: &str = r#"DROP VIEW "displayed_members";"#;
