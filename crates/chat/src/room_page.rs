//! A page of a room's history as it is kept: beside what was read stands how it is written for browsers.

use domain::history::HistoryPage;
use std::{ops::Deref, sync::OnceLock};

#[derive(Debug)]
pub struct RoomPage {
    page: HistoryPage,
    json: OnceLock<Box<str>>,
}

impl RoomPage {
    #[must_use]
    pub fn new(page: HistoryPage) -> Self {
        Self { page, json: OnceLock::new() }
    }

    /// The page as JSON without a `<`, so that it may stand inside of a script's element. It is the same for
    /// every reader, and written once.
    #[must_use]
    pub fn json(&self) -> &str {
        self.json.get_or_init(|| {
            // A page has no maps, and nothing in it fails to be written.
            let json = serde_json::to_string(&self.page).unwrap_or_default();
            json.replace('<', "\\u003c").into()
        })
    }
}

impl Deref for RoomPage {
    type Target = HistoryPage;

    fn deref(&self) -> &HistoryPage {
        &self.page
    }
}

impl PartialEq for RoomPage {
    /// Whether it has been written already makes no difference.
    fn eq(&self, other: &Self) -> bool {
        self.page == other.page
    }
}
