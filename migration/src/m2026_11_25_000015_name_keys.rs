//! Lists of people and rooms are sorted and searched by the database, a page at a time: beside each name stands what it
//! is sorted and found by.

use domain::name_keys::NameKeys;
use sea_orm_migration::{
    prelude::*,
    sea_orm::{FromQueryResult, Statement, prelude::Uuid},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(UP).await?;
        give_keys(db, "profiles", "name").await?;
        give_keys(db, "rooms", "title").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DOWN).await.map(|_| ())
    }
}

const UP: &str = r#"
ALTER TABLE "profiles" ADD COLUMN "hangul_first" varchar NOT NULL DEFAULT '';
ALTER TABLE "profiles" ADD COLUMN "latin_first" varchar NOT NULL DEFAULT '';
ALTER TABLE "profiles" ADD COLUMN "initials" varchar NOT NULL DEFAULT '';
ALTER TABLE "rooms" ADD COLUMN "hangul_first" varchar NOT NULL DEFAULT '';
ALTER TABLE "rooms" ADD COLUMN "latin_first" varchar NOT NULL DEFAULT '';
ALTER TABLE "rooms" ADD COLUMN "initials" varchar NOT NULL DEFAULT '';
CREATE INDEX "profiles_hangul_first" ON "profiles" ("hangul_first");
CREATE INDEX "profiles_latin_first" ON "profiles" ("latin_first");
CREATE INDEX "rooms_hangul_first" ON "rooms" ("hangul_first") WHERE "kind" = 'open' AND "closed_at" IS NULL;
CREATE INDEX "rooms_latin_first" ON "rooms" ("latin_first") WHERE "kind" = 'open' AND "closed_at" IS NULL;
CREATE INDEX "people_default_profile" ON "people" ("default_profile_id");
"#;

const DOWN: &str = r#"
DROP INDEX "people_default_profile";
DROP INDEX "rooms_latin_first";
DROP INDEX "rooms_hangul_first";
DROP INDEX "profiles_latin_first";
DROP INDEX "profiles_hangul_first";
ALTER TABLE "rooms" DROP COLUMN "initials";
ALTER TABLE "rooms" DROP COLUMN "latin_first";
ALTER TABLE "rooms" DROP COLUMN "hangul_first";
ALTER TABLE "profiles" DROP COLUMN "initials";
ALTER TABLE "profiles" DROP COLUMN "latin_first";
ALTER TABLE "profiles" DROP COLUMN "hangul_first";
"#;

#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

async fn give_keys(
    db: &SchemaManagerConnection<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let all = format!(r#"SELECT "id", "{column}" AS "name" FROM "{table}" WHERE "{column}" <> ''"#);
    let give = format!(
        r#"UPDATE "{table}" SET "hangul_first" = $2, "latin_first" = $3, "initials" = $4 WHERE "id" = $1"#
    );
    let named = Named::find_by_statement(Statement::from_string(backend, all)).all(db).await?;
    for Named { id, name } in named {
        let NameKeys { hangul_first, latin_first, initials } = NameKeys::of(&name);
        let keys = [id.into(), hangul_first.into(), latin_first.into(), initials.into()];
        db.execute_raw(Statement::from_sql_and_values(backend, &give, keys)).await?;
    }
    Ok(())
}
