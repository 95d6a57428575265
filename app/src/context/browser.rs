//! The browser's side of what differs between server and browser; `server.rs` has the same names.

use super::PAGE_CONTEXT;
use crate::{
    components::{html_key::HtmlKey, list::KeyedView},
    errors::ShownError,
    page_context::PageContext,
};
use leptos::prelude::*;
use server_fn::error::ServerFnErrorErr;
use std::marker::PhantomData;

/// A value that there is on the server alone.
#[derive(Debug)]
pub(crate) struct OnServer<T>(PhantomData<T>);

impl<T> OnServer<T> {
    pub(crate) fn new(_: impl FnOnce() -> T) -> Self {
        Self(PhantomData)
    }

    pub(crate) fn map<U>(self, _: impl FnOnce(T) -> U) -> OnServer<U> {
        let Self(_) = self;
        OnServer(PhantomData)
    }
}

/// The page context that stands in the document.
pub(super) fn received() -> Option<PageContext> {
    serde_json::from_str(&document().get_element_by_id(PAGE_CONTEXT)?.text_content()?).ok()
}

/// None: the browser hydrates a list as the list that it is.
pub(crate) const fn written_list(_: &impl Fn() -> Vec<KeyedView>) -> Option<AnyView> {
    None
}

/// The element itself, which hydrates what the server has stored.
pub(crate) fn written_element(_: OnServer<HtmlKey>, draw: impl FnOnce() -> AnyView) -> AnyView {
    draw()
}

/// What the server said of the error of a server function.
pub type FunctionError = ShownError;

/// The error as the page shows it.
pub(crate) const fn shown(error: FunctionError) -> ShownError {
    error
}

/// Whatever leptos says: no answer of the server came back.
pub(crate) const fn function_error(_: &ServerFnErrorErr) -> FunctionError {
    ShownError::unreachable()
}

/// None: the browser writes no scripts.
pub(crate) const fn nonce() -> Option<String> {
    None
}
