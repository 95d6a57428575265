//! What the window is called. The server writes it into the document; from then on the pages call it anew.

use crate::{
    effect::effect,
    errors::ShownError,
    page_context::{PageContext, page_context},
    shell::Document,
};
use domain::wire::HistoryPage;
use leptos::prelude::document;

pub fn of_document(document: &Document, context: &PageContext) -> String {
    let t = context.words();
    match document {
        Document::AppShell => match &context.look {
            Some(look) => title_of_room(look, context),
            None => t.app_name.to_owned(),
        },
        Document::NotFound => t.not_found_title.to_owned(),
        Document::Server(page) => format!("{} · {}", page.title(context), t.app_name),
    }
}

fn title_of_room(look: &Result<HistoryPage, ShownError>, context: &PageContext) -> String {
    let t = context.words();
    let called = match (look, &context.viewer) {
        (Ok(page), Some(me)) => {
            page.details.display_name(me.id, page.members.iter(), t.left_member)
        }
        (Ok(_), None) | (Err(_), _) => Some(t.not_found_title),
    };
    called.unwrap_or(t.note_to_self).to_owned()
}

/// Calls the window after what a room's page shows.
pub fn set_room_title(look: &Result<HistoryPage, ShownError>) {
    call(title_of_room(look, &page_context()));
}

/// Calls the window so. On the server it does nothing: the document has its title.
pub fn call(title: impl Into<String>) {
    let title = title.into();
    effect(move || document().set_title(&title));
}
