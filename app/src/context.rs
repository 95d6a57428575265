//! The only module that differs between server and browser: where server functions get the instance and the
//! caller, and where a page gets its context.

#[cfg(not(feature = "ssr"))]
mod browser;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod request;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
mod stored_html;

#[cfg(not(feature = "ssr"))]
use browser as side;
#[cfg(feature = "ssr")]
use server as side;

#[cfg(feature = "ssr")]
pub use document::{Assets, write_document};
#[cfg(feature = "ssr")]
pub use request::{CLEAR_SITE_DATA, CookieNames, Request};
#[cfg(feature = "ssr")]
pub(crate) use request::{client_id, request, room_and_user};
pub use side::FunctionError;
pub(crate) use side::{OnServer, function_error, nonce, shown, written_element, written_list};
#[cfg(feature = "ssr")]
pub use stored_html::StoredHtml;

use crate::{errors::ShownError, page_context::PageContext};
use domain::history::HistoryPage;
use leptos::prelude::*;
use std::sync::Arc;

/// Whether this is the server: sentences that only the server needs are compiled out of the WASM.
pub(crate) const ON_SERVER: bool = cfg!(feature = "ssr");

/// The element of the page that holds the page context as JSON.
pub(crate) const PAGE_CONTEXT: &str = "page-context";

/// Provides the page context to everything below: on the server from the request, in the browser from the
/// page.
pub(crate) fn provide_page_context() -> Arc<PageContext> {
    let mut context = side::received().unwrap_or_default();
    provide_context(InitialRoom(StoredValue::new(context.initial_room.take())));
    provide_context(crate::forms::FormErrors::new(context.form_error.clone()));
    let context = Arc::new(context);
    provide_context(Arc::clone(&context));
    context
}

/// The first page of the room's messages, which came with the document; the room's page takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InitialRoom(pub StoredValue<Option<Result<HistoryPage, ShownError>>>);
