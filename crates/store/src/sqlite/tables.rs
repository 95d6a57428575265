//! Which tables and columns a file has.

use crate::{
    Result,
    sql::{exists, query_values},
};
use sea_orm::ConnectionTrait;

pub(crate) async fn table_names(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    query_values(db, "SELECT name FROM sqlite_master WHERE type = 'table'", []).await
}

pub(crate) async fn has_table(db: &impl ConnectionTrait, table: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1";
    exists(db, sql, [table.into()]).await
}

/// Whether there is such a table with such a column.
pub(crate) async fn has_column(
    db: &impl ConnectionTrait,
    table: &str,
    column: &str,
) -> Result<bool> {
    let sql = "SELECT 1 FROM pragma_table_info($1) WHERE name = $2";
    exists(db, sql, [table.into(), column.into()]).await
}
