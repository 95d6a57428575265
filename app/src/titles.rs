//! What the window is called. The server writes it into the document; from then on the pages call it anew.

use crate::{
    effect::effect,
    i18n,
    pages::{Gate, join},
    shell::Document,
    visit::{Visit, visit},
};
use domain::{problem::Problem, wire::Page};
use leptos::prelude::document;

pub fn of_document(document: &Document, visit: &Visit) -> String {
    let (t, gate) = (visit.words(), i18n::gate::words(visit.language));
    match document {
        Document::House => match &visit.look {
            Some(look) => of_look(look, visit),
            None => t.app_name.to_owned(),
        },
        Document::Nowhere => t.not_found_title.to_owned(),
        Document::Gate(Gate::SignIn, ..) => format!("{} · {}", gate.sign_in, t.app_name),
        Document::Gate(Gate::SecondStep, ..) => format!("{} · {}", gate.code_title, t.app_name),
        Document::Gate(Gate::SignUp, ..) => format!("{} · {}", gate.sign_up, t.app_name),
        Document::Reset(_) => {
            let house = i18n::house::words(visit.language);
            format!("{} · {}", house.choose_password, t.app_name)
        }
        Document::Setup(_) => {
            format!("{} · {}", i18n::setup::words(visit.language).title, t.app_name)
        }
        Document::NotSetUp => {
            format!("{} · {}", i18n::setup::words(visit.language).not_yet_title, t.app_name)
        }
        Document::Threshold(invitation, _) => {
            format!("{} · {}", join::title(invitation.as_ref(), visit.language), t.app_name)
        }
        Document::NotRead(..) => {
            format!("{} · {}", i18n::not_read::words(visit.language).title, t.app_name)
        }
        Document::Plain(page) => format!("{} · {}", page.title(visit), t.app_name),
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
