//! The server's side of what differs between server and browser; `browser.rs` has the same names.

use super::{
    request::ServerPageContext,
    stored_html::{write_element, write_list},
};
use crate::{
    components::{html_key::HtmlKey, list::KeyedView},
    errors::ShownError,
    page_context::{PageContext, page_context},
};
use leptos::prelude::*;
use server_fn::error::ServerFnErrorErr;

/// A value that there is on the server alone.
#[derive(Debug)]
pub(crate) struct OnServer<T>(pub T);

impl<T> OnServer<T> {
    pub(crate) fn new(make: impl FnOnce() -> T) -> Self {
        Self(make())
    }

    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> OnServer<U> {
        OnServer(map(self.0))
    }
}

/// The page context that the handler has made.
pub(super) fn received() -> Option<PageContext> {
    use_context::<ServerPageContext>()?.0.try_update_value(Option::take)?
}

/// A list with the HTML of its items as it is stored, where any is.
pub(crate) fn written_list(items: &impl Fn() -> Vec<KeyedView>) -> Option<AnyView> {
    write_list(items)
}

/// An element from its stored HTML.
pub(crate) fn written_element(
    html_key: OnServer<HtmlKey>,
    draw: impl FnOnce() -> AnyView,
) -> AnyView {
    write_element(html_key.0, draw)
}

/// The error of a server function.
pub type FunctionError = domain::error::AppError;

/// The error as the page shows it.
pub(crate) fn shown(error: FunctionError) -> ShownError {
    ShownError::new(page_context().language, &error)
}

/// The error for what leptos itself refuses.
pub(crate) fn function_error(error: &ServerFnErrorErr) -> FunctionError {
    match error {
        ServerFnErrorErr::Args(_)
        | ServerFnErrorErr::MissingArg(_)
        | ServerFnErrorErr::Deserialization(_) => FunctionError::Malformed,
        other => FunctionError::Internal { id: other.to_string().chars().take(60).collect() },
    }
}

/// The nonce of the document's own scripts.
pub(crate) fn nonce() -> Option<String> {
    leptos::nonce::use_nonce().map(|nonce| nonce.to_string())
}
