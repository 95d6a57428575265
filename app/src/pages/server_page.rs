//! Pages that the server renders alone: lists and forms around the conversations, and the pages for signed-out
//! readers. They are opened from time to time, load no WASM, and are not in it.

use crate::{
    components::{ErrorMessage, Icon, Settings},
    i18n,
    page_context::{PageContext, page_context},
    pages::auth::AuthLayout,
    paths,
};
use leptos::prelude::*;
use std::{fmt::Debug, sync::Arc};

/// A page with its data, which the server has read before. Its view file implements it.
pub trait ServerPage: Debug + Send + Sync + 'static {
    /// The window's title.
    fn title(&self, context: &PageContext) -> String;

    /// The layout around it.
    fn layout(&self, context: &PageContext) -> Layout;

    /// The page itself.
    fn view(&self) -> AnyView;
}

/// The layout around a page.
#[derive(Debug)]
pub enum Layout {
    /// A way back, the title, and the user's menu.
    Titled(BackLink),
    /// The same for a page that has its own heading.
    Untitled(BackLink),
    /// The illustration, with the forms to sign in and up beside it.
    Auth,
    /// Nothing.
    Bare,
}

/// The target and the label of the way back.
#[derive(Debug)]
pub struct BackLink {
    path: String,
    label: &'static str,
}

impl BackLink {
    pub fn new(path: impl Into<String>, label: &'static str) -> Self {
        Self { path: path.into(), label }
    }

    #[must_use]
    pub fn home(context: &PageContext) -> Self {
        Self::new(paths::HOME, context.words().back)
    }

    #[must_use]
    pub fn account(context: &PageContext) -> Self {
        Self::new(paths::ACCOUNT, i18n::account::words(context.language).title)
    }
}

/// A page within its layout.
#[component]
pub fn ServerPageFrame(page: Arc<dyn ServerPage>) -> impl IntoView {
    let (back, heading) = match page.layout(&page_context()) {
        Layout::Auth => return view! { <AuthLayout>{page.view()}</AuthLayout> }.into_any(),
        Layout::Bare => return page.view(),
        Layout::Untitled(back) => (back, None),
        Layout::Titled(back) => (back, Some(page.title(&page_context()))),
    };
    let heading = heading.map(|title| view! { <h1 class="page-title">{title}</h1> }.into_any());
    let BackLink { path, label } = back;
    view! {
        <div class="page">
            <header class="page-head">
                <a href=path class="icon-button" aria-label=label>
                    {Icon::Back.draw()}
                </a>
                {heading}
                <Settings />
            </header>
            <main class="page-main" id="main" tabindex="-1">
                <ErrorMessage />
                {page.view()}
            </main>
        </div>
    }
    .into_any()
}
