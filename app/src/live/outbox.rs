//! What is submitted and not acknowledged, on the device: it survives whatever happens to the page. Each entry stands
//! under a name of its own, so that tabs do not get into each other's way, and is written before anything is sent. The
//! browser's own storage is used rather than a database, because that would write a moment later.

use super::browser;
use domain::{
    ids::{ClientId, UserId},
    outbox::OutboxEntry,
};

/// Writes what has been added or is otherwise now, and removes what is gone.
pub fn store(user: UserId, before: &[OutboxEntry], now: &[OutboxEntry]) {
    let id = |entry: &OutboxEntry| entry.message.client_id;
    for entry in before {
        if now.iter().all(|it| id(it) != id(entry)) {
            browser::remove_from_device(&name(user, id(entry)));
        }
    }
    for entry in now {
        if !before.contains(entry) {
            browser::keep_on_device(&name(user, id(entry)), &entry.to_text());
        }
    }
}

/// What this device keeps of the user's, of all tabs.
pub fn load(user: UserId) -> Vec<OutboxEntry> {
    let texts = browser::kept_on_device(&prefix(user));
    texts.iter().filter_map(|text| OutboxEntry::from_text(text)).collect()
}

fn name(user: UserId, id: ClientId) -> String {
    format!("{}{id}", prefix(user))
}

/// Another user of the same browser neither sees it nor sends it.
fn prefix(user: UserId) -> String {
    format!("outbox {user} ")
}
