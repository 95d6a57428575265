//! The window's title. The server writes it into the document; after that the pages set it.

use crate::{
    boxed_effect::boxed_effect,
    errors::ShownError,
    page_context::{PageContext, page_context},
    shell::Document,
};
use domain::history::HistoryPage;
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

/// Sets the window's title. On the server it does nothing: the document has its title.
pub fn set_title(title: impl Into<String>) {
    let title = title.into();
    boxed_effect(move || document().set_title(&title));
}
