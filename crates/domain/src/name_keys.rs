//! What the database stores beside a name, to sort and search by.

use crate::{
    collation::{ScriptFirst, SortKey},
    name_search,
};

/// Computed anew whenever the name changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameKeys {
    /// The sort key in a list that begins with Hangul.
    pub hangul_first: String,
    /// The sort key in a list that begins with Latin letters.
    pub latin_first: String,
    /// As [`name_search::initials`] returns them.
    pub initials: String,
}

impl NameKeys {
    #[must_use]
    pub fn of(name: &str) -> Self {
        let sort_key = |first| SortKey::new(name, first).as_str().to_owned();
        Self {
            hangul_first: sort_key(ScriptFirst::Hangul),
            latin_first: sort_key(ScriptFirst::Latin),
            initials: name_search::initials(name),
        }
    }
}
