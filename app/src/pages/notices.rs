//! Changes that others made in the user's account. While there are unread ones, other pages redirect here.

use crate::{
    components::{ErrorMessage, PlainForm},
    forms::Form,
    i18n::{self, Named, words},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    server_fns::MarkNoticesRead,
};
use domain::notices::Notice;
use leptos::prelude::*;

/// The notices of the account, the newest first.
#[derive(Debug)]
pub struct NoticesPage {
    pub notices: Vec<Notice>,
    /// The path to continue at.
    pub next: Option<String>,
}

impl ServerPage for NoticesPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::notices::words(context.language).title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::account(context))
    }

    fn view(&self) -> AnyView {
        page(self.notices.clone(), self.next.clone()).into_any()
    }
}

fn page(notices: Vec<Notice>, next: Option<String>) -> impl IntoView {
    let t = i18n::notices::words(page_context().language);
    let has_new = notices.iter().any(|notice| notice.is_new);
    let newest = notices.first().map(|notice| notice.id.to_string());
    let rows = notices.into_iter().map(row).collect_view();
    view! {
        {has_new.then(|| view! { <p class="page-lead" role="status">{t.new_hint}</p> }.into_any())}
        {newest.is_none().then(|| view! { <p class="page-lead">{t.none}</p> }.into_any())}
        <ul class="entries">{rows}</ul>
        <ErrorMessage form=MarkNoticesRead::NAME />
        {has_new
            .then(|| {
                view! {
                    <PlainForm name=MarkNoticesRead::NAME class="page-form">
                        <input type="hidden" name="through" value=newest />
                        <input type="hidden" name="next" value=next.unwrap_or_default() />
                        <button class="button">{t.read}</button>
                    </PlainForm>
                }
                    .into_any()
            })}
    }
}

fn row(notice: Notice) -> AnyView {
    let context = page_context();
    let t = i18n::notices::words(context.language);
    let by = Named::of(notice.by.as_ref());
    let when = words().moment(&context.clock, notice.at, context.now);
    view! {
        <li class="entry">
            <span class="entry-text">
                <span class="entry-action" class:entry-own=notice.is_new>
                    {(t.told)(notice.kind, by)}
                </span>
                <span class="entry-second">{when} " · " {(t.advice)(notice.kind)}</span>
            </span>
        </li>
    }
    .into_any()
}
