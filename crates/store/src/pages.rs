//! Lists, a page at a time: counted, sorted and cut by the database.

use crate::{
    Result, Store,
    sql::{count, query, statement},
};
use domain::{
    name_search::Query,
    pagination::{Paginated, count_pages},
};
use futures::TryStreamExt;
use sea_orm::{FromQueryResult, StreamTrait, Value};

/// Which page of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct PageQuery<'a> {
    /// What names are looked for by.
    pub query: &'a Query,
    /// From 1; one past the end is the last.
    pub page: usize,
    pub per_page: usize,
}

/// A list as SQL: `SELECT {columns} FROM {from} WHERE {condition} ORDER BY {order}`.
pub(crate) struct List<'a> {
    pub columns: &'a str,
    pub from: &'a str,
    pub condition: &'a str,
    pub order: &'a str,
    /// For `$1` and the following in all of these.
    pub values: Vec<Value>,
}

impl Store {
    /// The page of this number.
    pub(crate) async fn list<R: FromQueryResult, T>(
        &self,
        list: List<'_>,
        page: usize,
        per_page: usize,
        read: impl Fn(R) -> Result<T>,
    ) -> Result<Paginated<T>> {
        let List { columns, from, condition, order, values } = list;
        let all = format!("SELECT COUNT(*) FROM {from} WHERE {condition}");
        let found = count(&self.read, all, values.clone()).await?;
        let found = usize::try_from(found).unwrap_or_default();
        let pages = count_pages(found, per_page);
        let page = page.clamp(1, pages);
        let before = (page - 1) * per_page;
        let cut = format!(
            "SELECT {columns} FROM {from} WHERE {condition} ORDER BY {order} LIMIT {per_page} OFFSET {before}"
        );
        let rows = query(&self.read, cut, values).await?;
        let entries = rows.into_iter().map(read).collect::<Result<_>>()?;
        Ok(Paginated { query: String::new(), entries, found, page, pages })
    }

    /// The page of this number of those that are kept. Of the others no more than one is in memory.
    pub(crate) async fn list_kept<R: FromQueryResult, T>(
        &self,
        list: List<'_>,
        page: usize,
        per_page: usize,
        read: impl Fn(R) -> Result<T>,
        keep: impl Fn(&T) -> bool,
    ) -> Result<Paginated<T>> {
        let List { columns, from, condition, order, values } = list;
        let all = format!("SELECT {columns} FROM {from} WHERE {condition} ORDER BY {order}");
        let mut rows = self.read.stream_raw(statement(&self.read, all, values)).await?;
        let wanted = page.max(1);
        let mut kept =
            Paginated { query: String::new(), entries: Vec::new(), found: 0, page: 1, pages: 1 };
        while let Some(row) = rows.try_next().await? {
            let entry = read(R::from_query_result(&row, "")?)?;
            if !keep(&entry) {
                continue;
            }
            let page = kept.found / per_page + 1;
            kept.found += 1;
            if page > wanted {
                continue;
            }
            if page > kept.page {
                kept.entries.clear();
                kept.page = page;
            }
            kept.entries.push(entry);
        }
        kept.pages = count_pages(kept.found, per_page);
        Ok(kept)
    }
}

/// The pattern of `LIKE … ESCAPE '\\'` for what holds a text.
pub(crate) fn like_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
