//! The window's title. The server writes it into the document; after that the pages set it.

use crate::{
    boxed_effect::boxed_effect,
    errors::ShownError,
    live::live,
    page_context::{PageContext, page_context},
    shell::Document,
};
use domain::{history::HistoryPage, rooms::MAX_UNREAD};
use leptos::prelude::document;

impl Document {
    #[must_use]
    pub fn title(&self, context: &PageContext) -> String {
        let t = context.words();
        match self {
            Self::AppShell => match &context.initial_room {
                Some(initial_room) => title_of_room(initial_room, context),
                None => t.app_name.to_owned(),
            },
            Self::NotFound => t.not_found_title.to_owned(),
            Self::Server(page) => format!("{} · {}", page.title(context), t.app_name),
        }
    }
}

fn title_of_room(initial_room: &Result<HistoryPage, ShownError>, context: &PageContext) -> String {
    let t = context.words();
    let called = match (initial_room, &context.viewer) {
        (Ok(page), Some(me)) => {
            page.details.display_name(me.id, page.members.iter(), t.left_member)
        }
        (Ok(_), None) | (Err(_), _) => Some(t.not_found_title),
    };
    called.unwrap_or(t.note_to_self).to_owned()
}

/// Sets the title of a room's page.
pub fn set_room_title(initial_room: &Result<HistoryPage, ShownError>) {
    set_title(title_of_room(initial_room, &page_context()));
}

/// Sets the window's title, and keeps the number of unread messages before it. On the server it does nothing: the
/// document has its title, without a number that would soon be wrong.
pub fn set_title(title: impl Into<String>) {
    let (title, live) = (title.into(), live());
    boxed_effect(move || {
        let unread = live.rooms.read(|rooms| rooms.iter().map(|room| room.unread).sum());
        document().set_title(&with_unread(unread, &title));
    });
}

/// The number comes first: a tab shows no more than the beginning of its title.
fn with_unread(unread: u32, title: &str) -> String {
    match unread {
        0 => title.to_owned(),
        MAX_UNREAD.. => format!("(99+) {title}"),
        _ => format!("({unread}) {title}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_unread_messages_stands_before_the_title() {
        let titles = [0, 1, 99, 100, 4_000].map(|unread| with_unread(unread, "공부방"));
        assert_eq!(titles, ["공부방", "(1) 공부방", "(99) 공부방", "(99+) 공부방", "(99+) 공부방"]);
    }
}
