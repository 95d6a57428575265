//! The page of a request that was not read to its end: there is no form to say it beside.

use crate::{
    i18n::not_read,
    page_context::{PageContext, page_context},
    pages::server_page::{Layout, ServerPage},
};
use leptos::prelude::*;

/// Why it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRead {
    /// More bytes than its form may have.
    TooLarge,
    /// It no longer came.
    TooSlow,
    /// The user, or the network, sends as many files as may be sent at a time.
    TooManyUploads,
}

impl NotRead {
    pub const ALL: [Self; 3] = [Self::TooLarge, Self::TooSlow, Self::TooManyUploads];

    /// The HTTP status that says the same.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::TooSlow => 408,
            Self::TooManyUploads => 429,
        }
    }
}

/// Says why a request was not read, and leads back to the page that it came from.
#[derive(Debug)]
pub struct NotReadPage {
    pub why: NotRead,
    /// The path of the page that the request came from.
    pub path: String,
}

impl ServerPage for NotReadPage {
    fn title(&self, context: &PageContext) -> String {
        not_read::words(context.language).title.to_owned()
    }

    fn layout(&self, _: &PageContext) -> Layout {
        Layout::Bare
    }

    fn view(&self) -> AnyView {
        page(self.why, self.path.clone()).into_any()
    }
}

fn page(why: NotRead, path: String) -> impl IntoView {
    let t = not_read::words(page_context().language);
    view! {
        <main class="nothing" id="main" tabindex="-1">
            <h1 class="nothing-title">{t.title}</h1>
            <p role="alert">{(t.sentence)(why)}</p>
            <a class="button" href=path>
                {t.back}
            </a>
        </main>
    }
}
