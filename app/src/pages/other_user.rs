//! The page for a form that was rendered for another user: it was not processed, and what was typed is kept.

use crate::{
    components::drawn_for,
    escape::in_text_area,
    i18n::{self, other_user::OtherUser},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
};
use domain::text::Isolated;
use leptos::prelude::*;

/// A form as it was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misdirected {
    /// The path of its page.
    pub page: String,
    /// The name of its server function.
    pub form: String,
    /// Its fields, without the user's id. Empty when some of them may not be rendered.
    pub fields: Vec<(String, String)>,
}

impl Misdirected {
    /// The fields that users type text into, except passwords and codes.
    const TYPED: [&str; 5] = ["text", "title", "description", "name", "email"];

    fn is_typed(field: &str) -> bool {
        Self::TYPED.contains(&field)
    }
}

/// A form that was rendered for another user, and what was typed into it.
#[derive(Debug)]
pub struct OtherUserPage(pub Misdirected);

impl ServerPage for OtherUserPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::other_user::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(sent: Misdirected) -> impl IntoView {
    let t = i18n::other_user::words(page_context().language);
    let name =
        page_context().viewer.as_ref().map(|viewer| viewer.name.to_string()).unwrap_or_default();
    let page = sent.page.clone();
    let has_text =
        sent.fields.iter().any(|(field, value)| Misdirected::is_typed(field) && !value.is_empty());
    let form = has_text.then(|| form(t, sent, &name));
    view! {
        <section class="page-section" role="alert">
            <p class="page-lead">{(t.hint)(Isolated(&name))}</p>
        </section>
        {form}
        <a class="quiet-link" href=page>{t.open_page}</a>
    }
}

/// The same form once more, for the user who is signed in: they decide whether to post it.
fn form(t: &'static OtherUser, sent: Misdirected, name: &str) -> AnyView {
    let Misdirected { page, form, fields } = sent;
    let fields = fields.into_iter().map(|(field, value)| {
        if Misdirected::is_typed(&field) {
            return typed(t, field, value);
        }
        view! { <input type="hidden" name=field value=value autocomplete="off" /> }.into_any()
    });
    view! {
        <section class="page-section">
            <p class="page-hint">{t.kept}</p>
            <form method="post" action=format!("{page}?/{form}") class="page-form" novalidate>
                {drawn_for()}
                {fields.collect_view()}
                <button class="button button-second">{(t.send_as)(Isolated(name))}</button>
            </form>
        </section>
    }
    .into_any()
}

fn typed(t: &'static OtherUser, field: String, value: String) -> AnyView {
    let label = (t.label)(&field);
    let id = format!("kept-{field}");
    let area = match field.as_str() {
        "text" | "description" => view! {
            <textarea id=id.clone() name=field rows="4" autocomplete="off" inner_html=in_text_area(&value)></textarea>
        }
        .into_any(),
        _ => view! { <input id=id.clone() name=field type="text" value=value autocomplete="off" /> }
            .into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {area}
        </div>
    }
    .into_any()
}
