//! Which version of the schema a file holds, found out without changing it.

use crate::{Error, Result, location::Location};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::path::Path;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Schema {
    /// A database without a table.
    Empty,
    /// The database of another program.
    Foreign,
    /// One that this version knows how to migrate.
    Older,
    Current,
    /// It has a step that this version does not know.
    Newer(String),
}

impl Schema {
    pub async fn of(db: &DatabaseConnection) -> Result<Self> {
        let tables = names(db, "SELECT name FROM sqlite_master WHERE type = 'table'").await?;
        if tables.is_empty() {
            return Ok(Self::Empty);
        }
        if !tables.iter().any(|table| table == "seaql_migrations") {
            return Ok(Self::Foreign);
        }
        let applied = names(db, "SELECT version AS name FROM seaql_migrations ORDER BY version");
        Ok(Self::with_steps(&applied.await?))
    }

    fn with_steps(applied: &[String]) -> Self {
        let steps = Migrator::migrations();
        let is_known = |name: &String| steps.iter().any(|step| step.name() == name);
        match applied.iter().find(|name| !is_known(name)) {
            None if applied.len() == steps.len() => Self::Current,
            None => Self::Older,
            Some(unknown) if applied.iter().any(is_known) => Self::Newer(unknown.clone()),
            Some(_) => Self::Foreign,
        }
    }

    /// Says why a file of this schema is neither used nor migrated, if it is not.
    pub fn refuse_others(&self, location: &Location) -> Result<()> {
        let file = location.file().display();
        match self {
            Self::Foreign => Err(Error::File(format!(
                "{file} is the database of another program, not of Sarangbang"
            ))),
            Self::Newer(step) => Err(Error::File(format!(
                "{file} is of a newer version of Sarangbang, which has migrated it to {step}: install that version, \
                 or bring back a backup that was made before"
            ))),
            Self::Empty | Self::Older | Self::Current => Ok(()),
        }
    }
}

pub(crate) async fn has_table(db: &impl ConnectionTrait, table: &str) -> Result<bool> {
    let ask = Statement::from_sql_and_values(
        db.get_database_backend(),
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
        [table.into()],
    );
    Ok(db.query_one_raw(ask).await?.is_some())
}

/// Whether there is such a table with such a column.
pub(crate) async fn has_column(
    db: &impl ConnectionTrait,
    table: &str,
    column: &str,
) -> Result<bool> {
    let ask = Statement::from_sql_and_values(
        db.get_database_backend(),
        "SELECT 1 FROM pragma_table_info($1) WHERE name = $2",
        [table.into(), column.into()],
    );
    Ok(db.query_one_raw(ask).await?.is_some())
}

/// Whether every page, index and reference is whole; what is not is said.
///
/// # Errors
/// [`Error::File`] with a sentence for the operator.
pub(crate) async fn check(db: &DatabaseConnection, file: &Path) -> Result<()> {
    let ask = |sql: &str| Statement::from_string(db.get_database_backend(), sql);
    let broken = |what: &str| Error::File(format!("{} is damaged: {what}", file.display()));
    let row = db.query_one_raw(ask("PRAGMA integrity_check(1)")).await?;
    let found: String = row.ok_or(Error::Corrupt { what: "check" })?.try_get_by_index(0)?;
    if found != "ok" {
        return Err(broken(&found));
    }
    match db.query_one_raw(ask("PRAGMA foreign_key_check")).await? {
        None => Ok(()),
        Some(row) => {
            let table: String = row.try_get("", "table")?;
            Err(broken(&format!("a row of {table} refers to one that is not there")))
        }
    }
}

async fn names(db: &DatabaseConnection, sql: &str) -> Result<Vec<String>> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok(row.try_get("", "name")?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_tell_older_current_newer_and_foreign_ones() {
        let all: Vec<String> =
            Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        let and = |steps: &[String], more: &str| [steps, &[more.to_owned()]].concat();
        assert_eq!(Schema::with_steps(&all), Schema::Current);
        for count in 0..all.len() {
            assert_eq!(Schema::with_steps(&all[..count]), Schema::Older, "{count}");
        }
        let next = "m2099_01_01_000001_next";
        for steps in [&all[..], &all[..1]] {
            assert_eq!(Schema::with_steps(&and(steps, next)), Schema::Newer(next.to_owned()));
        }
        assert_eq!(Schema::with_steps(&and(&[], next)), Schema::Foreign);
    }
}
