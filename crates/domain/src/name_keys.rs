//! What a database keeps of a name beside the name, so that it can sort and find by it.

use crate::{
    collation::{First, SortKey},
    name_search,
};

/// Made anew whenever the name changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameKeys {
    /// Its place in a list that begins with Hangul.
    pub hangul_first: String,
    /// Its place in a list that begins with Latin letters.
    pub latin_first: String,
    /// As [`name_search::initials`] gives them.
    pub initials: String,
}

impl NameKeys {
    #[must_use]
    pub fn of(name: &str) -> Self {
        let sort_key = |first| SortKey::new(name, first).as_str().to_owned();
        Self {
            hangul_first: sort_key(First::Hangul),
            latin_first: sort_key(First::Latin),
            initials: name_search::initials(name),
        }
    }
}
