//! The first house: people, their sessions, rooms, who is in them and what was said.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary_len, integer, string, text, uuid},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [house(), people(), sessions(), rooms(), memberships(), messages()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["messages", "memberships", "rooms", "sessions", "people", "house"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn create(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).to_owned()
}

fn refers(from: (&'static str, &'static str), to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from.0, from.1).to(to, "id").to_owned()
}

/// One row: which life of the database this is.
fn house() -> TableCreateStatement {
    create("house").col(integer("id").primary_key()).col(uuid("epoch")).to_owned()
}

fn people() -> TableCreateStatement {
    create("people")
        .col(uuid("id").primary_key())
        .col(string("email").unique_key())
        .col(string("name"))
        .col(string("password_hash"))
        .col(big_integer("created_at"))
        .to_owned()
}

fn sessions() -> TableCreateStatement {
    create("sessions")
        .col(uuid("id").primary_key())
        .col(binary_len("token_hash", 32).unique_key())
        .col(uuid("person_id"))
        .col(string("device"))
        .col(big_integer("created_at"))
        .col(big_integer("last_used_at"))
        .foreign_key(&mut refers(("sessions", "person_id"), "people"))
        .to_owned()
}

/// `head` is the room's counter; `rev` the number of the latest change to this row.
fn rooms() -> TableCreateStatement {
    create("rooms")
        .col(uuid("id").primary_key())
        .col(string("title"))
        .col(big_integer("head"))
        .col(big_integer("rev"))
        .col(uuid("created_by"))
        .col(big_integer("created_at"))
        .foreign_key(&mut refers(("rooms", "created_by"), "people"))
        .to_owned()
}

fn memberships() -> TableCreateStatement {
    create("memberships")
        .col(uuid("room_id"))
        .col(uuid("person_id"))
        .col(big_integer("rev"))
        .col(big_integer("joined_at"))
        .col(big_integer("last_read_seq"))
        .primary_key(Index::create().col("room_id").col("person_id"))
        .foreign_key(&mut refers(("memberships", "room_id"), "rooms"))
        .foreign_key(&mut refers(("memberships", "person_id"), "people"))
        .to_owned()
}

/// `sent_hash` is of the text as it was first sent, so that a retry after an edit is still known.
fn messages() -> TableCreateStatement {
    create("messages")
        .col(uuid("id").primary_key())
        .col(uuid("room_id"))
        .col(uuid("author_id"))
        .col(uuid("client_id"))
        .col(binary_len("sent_hash", 32))
        .col(text("text"))
        .col(big_integer("posted_at"))
        .col(big_integer("seq"))
        .col(big_integer("rev"))
        .foreign_key(&mut refers(("messages", "room_id"), "rooms"))
        .foreign_key(&mut refers(("messages", "author_id"), "people"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |table: &'static str, name: &'static str, a: &'static str, b: &'static str| {
        Index::create().name(name).table(table).col(a).col(b).to_owned()
    };
    vec![
        index("messages", "messages_author_client", "author_id", "client_id").unique().to_owned(),
        index("messages", "messages_room_seq", "room_id", "seq").unique().to_owned(),
        index("messages", "messages_room_rev", "room_id", "rev").unique().to_owned(),
        index("memberships", "memberships_room_rev", "room_id", "rev").unique().to_owned(),
        index("memberships", "memberships_person", "person_id", "room_id"),
        index("sessions", "sessions_person", "person_id", "last_used_at"),
    ]
}
