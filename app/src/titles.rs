//! What the window is called. The server writes it into the document; from then on the pages call it anew.

use crate::{effect::effect, i18n::words, pages::Gate, shell::Document, visit::Visit};
use domain::{problem::Problem, rooms::Look};
use leptos::prelude::document;

pub fn of_document(document: &Document, visit: &Visit) -> String {
    let t = visit.words();
    match document {
        Document::House => match &visit.look {
            Some(look) => of_look(look, t.not_found_title),
            None => t.app_name.to_owned(),
        },
        Document::Nowhere => t.not_found_title.to_owned(),
        Document::Gate(Gate::SignIn, _) => format!("{} · {}", t.sign_in, t.app_name),
        Document::Gate(Gate::SignUp, _) => format!("{} · {}", t.sign_up, t.app_name),
        Document::Plain(page) => format!("{} · {}", page.title(visit), t.app_name),
    }
}

fn of_look(look: &Result<Look, Problem>, not_found: &str) -> String {
    match look {
        Ok(Look::Inside(page)) => page.about.title.to_string(),
        Ok(Look::Door(door)) => door.title.to_string(),
        Err(_) => not_found.to_owned(),
    }
}

/// Calls the window after what a room's page shows.
pub fn call_after(look: &Result<Look, Problem>) {
    call(of_look(look, words().not_found_title));
}

/// Calls the window so. On the server it does nothing: the document has its title.
pub fn call(title: impl Into<String>) {
    let title = title.into();
    effect(move || document().set_title(&title));
}
