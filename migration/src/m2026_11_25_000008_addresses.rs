//! One account for each address, whichever way it is written: in punycode or not, with letters of full width or
//! with characters that draw nothing. Until here each way was an address of its own.
//!
//! Where several accounts have the same address now, the oldest keeps it. The others have no `address_key`: their
//! users sign in with the address as they typed it, and are asked to change it. Names and titles that draw nothing
//! become `?`.

use domain::{
    rooms::RoomTitle,
    text::ValidationError,
    users::{DisplayName, Email},
};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{FromQueryResult, Statement, Value, prelude::Uuid},
};
use std::collections::{HashMap, hash_map::Entry};

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
        give_addresses(db).await?;
        name_the_nameless(db, "profiles", "name", |name| DisplayName::parse(name).map(drop))
            .await?;
        name_the_nameless(db, "rooms", "title", |title| RoomTitle::parse(title).map(drop)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DOWN).await.map(|_| ())
    }
}

const UP: &str = r#"
ALTER TABLE "people" ADD COLUMN "address_key" varchar NULL;
CREATE UNIQUE INDEX "people_address_key" ON "people" ("address_key");
"#;

const DOWN: &str = r#"
DROP INDEX "people_address_key";
ALTER TABLE "people" DROP COLUMN "address_key";
"#;

#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    text: String,
}

async fn give_addresses(db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    let here = r#"SELECT "id", "email" AS "text" FROM "people"
        WHERE "deleted_at" IS NULL ORDER BY "created_at", "id""#;
    let mut owners = HashMap::new();
    for Named { id, text } in named(db, here).await? {
        let Ok(email) = Email::parse(&text) else {
            tracing::warn!(user = %id, "this account's address is none: its user signs in with it as typed, and is asked to change it");
            continue;
        };
        match owners.entry(email.as_str().to_owned()) {
            Entry::Occupied(older) => {
                let older: &Uuid = older.get();
                tracing::warn!(user = %id, %older, "two accounts have one address, written otherwise: the older keeps it, the other's user signs in with it as typed, and is asked to change it");
            }
            Entry::Vacant(free) => {
                free.insert(id);
                let give = r#"UPDATE "people" SET "address_key" = $2 WHERE "id" = $1"#;
                write(db, give, [id.into(), email.as_str().into()]).await?;
            }
        }
    }
    Ok(())
}

/// Of names that were accepted by earlier versions, only those that draw nothing are not any more.
async fn name_the_nameless(
    db: &SchemaManagerConnection<'_>,
    table: &'static str,
    column: &'static str,
    parse: fn(&str) -> Result<(), ValidationError>,
) -> Result<(), DbErr> {
    let all = format!(
        r#"SELECT "id", "{column}" AS "text" FROM "{table}" WHERE "{column}" IS NOT NULL AND "{column}" <> ''"#
    );
    for Named { id, .. } in named(db, &all).await?.into_iter().filter(|it| parse(&it.text).is_err())
    {
        let name = format!(r#"UPDATE "{table}" SET "{column}" = '?' WHERE "id" = $1"#);
        write(db, &name, [id.into()]).await?;
        tracing::warn!(%id, "a {column} that draws nothing is ? now");
    }
    Ok(())
}

async fn named(db: &SchemaManagerConnection<'_>, sql: &str) -> Result<Vec<Named>, DbErr> {
    let ask = Statement::from_string(db.get_database_backend(), sql);
    Named::find_by_statement(ask).all(db).await
}

async fn write<const N: usize>(
    db: &SchemaManagerConnection<'_>,
    sql: &str,
    values: [Value; N],
) -> Result<(), DbErr> {
    let write = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.execute_raw(write).await.map(|_| ())
}
