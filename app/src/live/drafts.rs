//! What is typed and not submitted, by room: on the page, and on the device, where it survives the page.

use super::{ClientState, browser};
use domain::ids::RoomId;
use leptos::prelude::*;

impl ClientState {
    /// What this tab has typed in the room; else what the device has, perhaps from another page.
    #[must_use]
    pub fn draft(self, room: RoomId) -> String {
        let draft = |drafts: &Vec<(RoomId, String)>| {
            let draft = drafts.iter().find(|(of, _)| *of == room)?;
            Some(draft.1.clone())
        };
        let draft = self.drafts.try_with_value(draft).flatten();
        draft.or_else(|| browser::kept_on_device(&self.name(room)).pop()).unwrap_or_default()
    }

    pub fn keep_draft(self, room: RoomId, text: String) {
        let name = self.name(room);
        if !text.is_empty() {
            browser::keep_on_device(&name, &text);
        } else if browser::kept_on_device(&name).pop() == Some(self.draft(room)) {
            // What another tab has typed there since stays.
            browser::remove_from_device(&name);
        }
        self.drafts.try_update_value(|drafts| {
            drafts.retain(|(of, _)| *of != room);
            if !text.is_empty() {
                drafts.push((room, text));
            }
        });
    }

    /// Another user of the same browser does not see it.
    fn name(self, room: RoomId) -> String {
        let user = self.me.map(|me| me.to_string()).unwrap_or_default();
        format!("draft {user} {room}")
    }
}
