//! Forms that were rendered for one user and are sent in the session of another, who has signed in since in the
//! same browser. Nothing is done for either: the page says so, and keeps what was typed.

use crate::{
    auth::RequestContext,
    forms::{Filled, Form, Submission},
};
use app::{
    forms::Form as Named,
    pages::{Misdirected, OtherUserPage},
    server_fns::{SetLanguage, SetTheme, SignOut},
};
use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};

/// Those that are about the browser, whoever is signed in.
const ANYBODYS: [&str; 3] = [SignOut::NAME, SetLanguage::NAME, SetTheme::NAME];

/// The form, when it names another user than the one who is signed in. What strangers are shown names none.
pub fn misdirected(
    context: &RequestContext,
    page: &Parts,
    form: &Form,
    filled: &Filled,
) -> Option<Misdirected> {
    if ANYBODYS.contains(&form.name) || !is_another(context, filled.drawn_for()?) {
        return None;
    }
    // What has a secret in it is not sent again as it is.
    let fields = filled.typed().filter(|_| form.secrets.is_empty()).unwrap_or_default();
    let (page, form) = (page.uri.path().to_owned(), form.name.to_owned());
    Some(Misdirected { page, form, fields })
}

/// Whether this is not the user who is signed in.
pub fn is_another(context: &RequestContext, drawn_for: &str) -> bool {
    let me = context.request.actor.as_ref().map(|actor| actor.user().to_string());
    !drawn_for.is_empty() && me.as_deref() != Some(drawn_for)
}

impl Submission {
    /// The page that says so.
    pub async fn misdirected(self, sent: Misdirected) -> Response {
        self.into_page().render_as(StatusCode::CONFLICT, OtherUserPage(sent)).await
    }
}
