//! The rows of the room on the screen. Each is drawn once, and again only when its own content changes: so
//! selection and focus in it survive whatever happens around it.

use crate::components::list::{Content, Keyed, reconcile};
use domain::{
    clock::Clock,
    message_list::{ItemId, ListItem, page_rows},
    protocol::client::Client,
    timeline::PageId,
};
use std::sync::Arc;

/// A page, whose rows come and go.
#[derive(Debug, Clone)]
pub struct LivePage {
    id: PageId,
    pub key: ItemId,
    pub rows: Arc<Content<Vec<Keyed<ListItem>>>>,
}

/// The pages of a room that is shown, the oldest first.
#[derive(Debug)]
pub struct MessageList {
    pub pages: Arc<Content<Vec<LivePage>>>,
    /// Tells the pages of this room from those of the one that was shown before it.
    page_context: u128,
    clock: Clock,
    /// The word for members who have no name any more.
    left: &'static str,
}

impl MessageList {
    /// Nothing, for as long as no room is shown.
    pub fn empty() -> Self {
        Self { pages: Content::new(Vec::new()), page_context: 0, clock: Clock::default(), left: "" }
    }

    /// Draws a room of which nothing is drawn yet, after the one that was shown before it.
    pub fn next(&self, client: &mut Client, clock: &Clock, left: &'static str) -> Self {
        let page_context = self.page_context + 1;
        let list = Self { page_context, clock: clock.clone(), left, ..Self::empty() };
        let _ = list.reconcile(client);
        list
    }

    /// Follows what has changed in the room that the client keeps. Whether anything of it can have changed.
    pub fn reconcile(&self, client: &mut Client) -> bool {
        let Some(changed) = client.take_changed_pages() else { return false };
        let Some(timeline) = client.rooms().first() else { return false };
        let mut added = Vec::new();
        for id in changed {
            let Some(rows) = page_rows(timeline, client.outbox(), id, &self.clock, self.left)
            else {
                continue;
            };
            let key = ItemId::new(self.page_context, id.0.into());
            match self.pages.with_untracked(|pages| find(pages, id)) {
                Some(page) => page.reconcile(rows),
                None => added.push(LivePage { id, key, rows: Content::new(reconcile(&[], rows)) }),
            }
        }
        let count = timeline.pages().count();
        if added.is_empty() && self.pages.with_untracked(Vec::len) == count {
            return true;
        }
        let mut pages = self.pages.get_untracked();
        for page in added {
            pages.insert(pages.partition_point(|known| known.id < page.id), page);
        }
        pages.retain(|page| timeline.bounds(page.id).is_some());
        self.pages.set(pages);
        true
    }
}

fn find(pages: &[LivePage], id: PageId) -> Option<LivePage> {
    let at = pages.binary_search_by_key(&id, |page| page.id).ok()?;
    pages.get(at).cloned()
}

impl LivePage {
    fn reconcile(&self, rows: Vec<(ItemId, ListItem)>) {
        let known = self.rows.get_untracked();
        let rows = reconcile(&known, rows);
        if !known.iter().map(|row| row.0).eq(rows.iter().map(|row| row.0)) {
            self.rows.set(rows);
        }
    }
}
