//! What the window is called. The server writes it into the document; from then on the pages call it anew.

use crate::{
    effect::effect,
    shell::Document,
    visit::{Visit, visit},
};
use domain::{problem::Problem, wire::Page};
use leptos::prelude::document;

pub fn of_document(document: &Document, visit: &Visit) -> String {
    let t = visit.words();
    match document {
        Document::AppShell => match &visit.look {
            Some(look) => of_look(look, visit),
            None => t.app_name.to_owned(),
        },
        Document::NotFound => t.not_found_title.to_owned(),
        Document::Server(page) => format!("{} · {}", page.title(visit), t.app_name),
    }
}

fn of_look(look: &Result<Page, Problem>, visit: &Visit) -> String {
    let t = visit.words();
    let called = match (look, &visit.viewer) {
        (Ok(page), Some(me)) => page.about.called(me.id, page.members.iter(), t.left_member),
        (Ok(_), None) | (Err(_), _) => Some(t.not_found_title),
    };
    called.unwrap_or(t.note_to_self).to_owned()
}

/// Calls the window after what a room's page shows.
pub fn call_after(look: &Result<Page, Problem>) {
    call(of_look(look, &visit()));
}

/// Calls the window so. On the server it does nothing: the document has its title.
pub fn call(title: impl Into<String>) {
    let title = title.into();
    effect(move || document().set_title(&title));
}
