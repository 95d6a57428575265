//! Forms that were rendered for one user and are posted in the session of another, who has signed in since in
//! the same browser. They are not processed: a page says so and keeps what was typed.

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

/// Forms about the browser rather than the user.
const FOR_ANY_USER: [&str; 3] = [SignOut::NAME, SetLanguage::NAME, SetTheme::NAME];

/// The form, when it names another user than the one who is signed in. Forms rendered for signed-out readers
/// name none.
pub fn misdirected(
    context: &RequestContext,
    page: &Parts,
    form: &Form,
    filled: &Filled,
) -> Option<Misdirected> {
    if FOR_ANY_USER.contains(&form.name) || !is_another(context, filled.drawn_for()?) {
        return None;
    }
    // A form with a secret in it is not offered for sending again.
    let fields = filled.typed().filter(|_| form.secrets.is_empty()).unwrap_or_default();
    let (page, form) = (page.uri.path().to_owned(), form.name.to_owned());
    Some(Misdirected { page, form, fields })
}

/// Whether the form was rendered for another user than the one signed in.
pub fn is_another(context: &RequestContext, drawn_for: &str) -> bool {
    let me = context.request.actor.as_ref().map(|actor| actor.user().to_string());
    !drawn_for.is_empty() && me.as_deref() != Some(drawn_for)
}

impl Submission {
    /// Renders the page that says so.
    pub async fn misdirected(self, sent: Misdirected) -> Response {
        self.into_page().render_as(StatusCode::CONFLICT, OtherUserPage(sent)).await
    }
}
