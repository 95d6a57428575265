//! What was typed and not sent, while the page is read anew: the server speaks another version of the protocol than
//! the page does. The tab's own storage keeps it, for this user.

use super::{ClientState, browser};
use domain::{ids::RoomId, outbox::OutboxEntry};
use leptos::prelude::*;

/// Is there from the reload to the next welcome, so that a page which the server refuses again does not reload for ever.
const RELOADED: &str = "reloaded";

impl ClientState {
    /// Keeps every text of this tab. False when the page has just been read anew, or the browser does not keep them.
    pub(super) fn keep_for_reload(self) -> bool {
        if browser::kept(RELOADED).is_some() {
            return false;
        }
        self.open.change(|client| {
            for OutboxEntry { room, message, .. } in client.outbox().entries().iter().rev() {
                let text = [message.text.as_str(), &self.draft(*room)].join("\n");
                self.keep_draft(*room, text.trim_end().to_owned());
            }
        });
        self.drafts.with_value(|drafts| {
            drafts.iter().all(|(room, text)| browser::keep(&self.key(*room), text))
        }) && browser::keep(RELOADED, "")
    }

    /// What was kept for a room, once.
    pub(super) fn take_kept(self, room: RoomId) -> Option<String> {
        let key = self.key(room);
        let text = browser::kept(&key);
        browser::forget(&key);
        text
    }

    /// The server speaks the protocol of the page.
    pub(super) fn is_up_to_date() {
        browser::forget(RELOADED);
    }

    fn key(self, room: RoomId) -> String {
        format!("{:?} {room}", self.me)
    }
}
