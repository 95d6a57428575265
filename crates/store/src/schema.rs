//! Which version of the schema a file holds, found out without changing it.

use crate::{Error, Result, location::Location, sql::query_values, sqlite::table_names};
use migration::{Migrator, MigratorTrait};
use sea_orm::DatabaseConnection;

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
        let tables = table_names(db).await?;
        if tables.is_empty() {
            return Ok(Self::Empty);
        }
        if !tables.iter().any(|table| table == "seaql_migrations") {
            return Ok(Self::Foreign);
        }
        let applied = "SELECT version FROM seaql_migrations ORDER BY version";
        Ok(Self::with_steps(&query_values::<String>(db, applied, []).await?))
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
