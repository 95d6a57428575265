//! Statements in SQL, over a connection or a transaction. A row of one or two columns is read as a value or a tuple, by
//! position; a longer one as a struct that derives `FromQueryResult`, by name.

use crate::{Error, Result};
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Statement, TryGetableMany, Value};

/// All rows.
pub(crate) async fn query<R: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<R>> {
    let rows = db.query_all_raw(statement(db, sql, values)).await?;
    rows.iter().map(|row| Ok(R::from_query_result(row, "")?)).collect()
}

/// The first row.
pub(crate) async fn query_one<R: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<R>> {
    let row = first_row(db, sql, values).await?;
    Ok(row.map(|row| R::from_query_result(&row, "")).transpose()?)
}

/// The columns of all rows: `T` is the type of the only column, or a tuple.
pub(crate) async fn query_values<T: TryGetableMany>(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>> {
    let rows = db.query_all_raw(statement(db, sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_many_by_index()?)).collect()
}

/// The columns of the first row.
pub(crate) async fn query_value<T: TryGetableMany>(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>> {
    let row = first_row(db, sql, values).await?;
    Ok(row.map(|row| row.try_get_many_by_index()).transpose()?)
}

/// The number that `SELECT COUNT(*) …` answers.
pub(crate) async fn count(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<i64> {
    query_value(db, sql, values).await?.ok_or(Error::Corrupt { what: "count" })
}

/// Whether there is a row.
pub(crate) async fn exists(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<bool> {
    Ok(first_row(db, sql, values).await?.is_some())
}

/// Carries out a statement and answers how many rows it inserted, changed or deleted.
pub(crate) async fn execute(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64> {
    Ok(db.execute_raw(statement(db, sql, values)).await?.rows_affected())
}

async fn first_row(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<QueryResult>> {
    Ok(db.query_one_raw(statement(db, sql, values)).await?)
}

pub(crate) fn statement(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// What a stored text or code stands for. Rows hold what `domain` let in; anything else was written by another program.
pub(crate) fn decode<T>(known: Option<T>, what: &'static str) -> Result<T> {
    known.ok_or(Error::Corrupt { what })
}
