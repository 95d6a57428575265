//! Pagination of long lists.

/// A page of a search's results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paginated<T> {
    /// The search, as typed; an empty query matches all.
    pub query: String,
    pub entries: Vec<T>,
    /// The number of results, on all pages.
    pub found: usize,
    /// From 1.
    pub page: usize,
    /// The number of pages; an empty list has one.
    pub pages: usize,
}

impl<T> Paginated<T> {
    /// The page of this number, from 1; one past the end is the last.
    #[must_use]
    pub fn of(query: String, all: Vec<T>, page: usize, per_page: usize) -> Self {
        let (found, pages) = (all.len(), count_pages(all.len(), per_page));
        let page = page.clamp(1, pages);
        let entries = all.into_iter().skip((page - 1) * per_page).take(per_page).collect();
        Self { query, entries, found, page, pages }
    }

    /// The same page, with the query as the reader typed it.
    #[must_use]
    pub fn for_query(self, query: String) -> Self {
        Self { query, ..self }
    }
}

/// The number of pages for so many entries, at least one.
#[must_use]
pub fn count_pages(found: usize, per_page: usize) -> usize {
    found.div_ceil(per_page).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_entry_is_on_exactly_one_page(all in proptest::collection::vec(any::<u16>(), 0..300), per_page in 1..80_usize) {
            let page = |page| Paginated::of(String::new(), all.clone(), page, per_page);
            let pages = page(1).pages;
            let read: Vec<_> = (1..=pages).flat_map(|nth| page(nth).entries).collect();
            prop_assert_eq!(read, all.clone());
            prop_assert_eq!(page(0), page(1));
            prop_assert_eq!(page(pages + 1), page(pages));
            prop_assert!((1..=pages).all(|nth| page(nth).page == nth && page(nth).found == all.len()));
        }
    }
}
