//! The page for a post that was not read to its end: its form is not known.

use crate::{
    i18n::not_read,
    page_context::{PageContext, page_context},
    pages::server_page::{Layout, ServerPage},
};
use leptos::prelude::*;

/// Why it was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRead {
    /// More bytes than its form may have.
    TooLarge,
    /// It arrived too slowly.
    TooSlow,
    /// The user, or the network, has as many uploads under way as allowed.
    TooManyUploads,
}

impl NotRead {
    pub const ALL: [Self; 3] = [Self::TooLarge, Self::TooSlow, Self::TooManyUploads];

    /// The HTTP status for this reason.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::TooSlow => 408,
            Self::TooManyUploads => 429,
        }
    }
}

/// Says why a post was not read, and leads back to the page that it came from.
#[derive(Debug)]
pub struct NotReadPage {
    pub why: NotRead,
    /// The path of the page that the post came from.
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
        <main class="empty-page" id="main" tabindex="-1">
            <h1 class="empty-page-title">{t.title}</h1>
            <p role="alert">{(t.sentence)(why)}</p>
            <a class="button" href=path>
                {t.back}
            </a>
        </main>
    }
}
